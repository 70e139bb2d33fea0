//! Tests of the whole program.

// Some are of what only Unix has: links, signals, modes.
#![cfg_attr(not(unix), allow(unused_imports))]

mod behaviour;
mod bytes;
mod case;
mod cases;
mod choices;
mod cli;
mod corpus;
mod decisions;
mod files;
mod formats;
mod generated;
mod growth;
mod helper_modules;
mod html;
mod ignores;
mod layouts;
mod library;
mod mailbox;
mod matrix;
mod monorepo;
mod mutated;
mod mutator;
mod names;
mod nesting;
mod notebooks;
mod own;
mod places;
mod programs;
mod promised;
mod promises;
mod protection;
mod pythons;
mod readers;
mod repository;
mod review;
mod scripting;
mod split;
mod tidy;
mod tools;
mod truth;
mod types;
mod verify;
