//! Tests of the whole program.

mod behaviour;
mod cases;
mod cli;
mod pythons;
mod tidy;
