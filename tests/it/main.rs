//! Tests of the whole program.

mod behaviour;
mod bytes;
mod cases;
mod cli;
mod corpus;
mod decisions;
mod formats;
mod generated;
mod helper_modules;
mod html;
mod ignores;
mod matrix;
mod mutated;
mod names;
mod nesting;
mod notebooks;
mod own;
mod programs;
mod protection;
mod pythons;
mod repository;
mod review;
mod tidy;
mod tools;
mod truth;
mod types;
