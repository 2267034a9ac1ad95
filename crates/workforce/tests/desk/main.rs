//! The desk from outside: commands with a stamp go in, answers and events come out.

mod handovers;
mod property;
mod refusals;
mod requests;
mod rosters;
mod tools;
