//! Tests of the whole program.

mod cases;
mod cli;
mod pythons;
