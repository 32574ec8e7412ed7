//! The integration tests, one binary: each module beside this file asks about one side of the tool.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

mod bad_input;
#[cfg(unix)]
mod cache;
mod cases;
mod catalogues;
mod certify;
mod cli;
mod diff;
mod dossier;
mod explain;
mod formats;
mod frozen;
mod gate;
mod hostile;
mod house;
mod hub;
mod inputs;
mod merge;
mod on_disk;
mod pickle;
#[cfg(unix)] // the services run shells
mod pipelines;
mod profiles;
mod real;
mod scenarios;
mod screen;
mod shapes;
mod shards;
mod signed;
#[cfg(unix)] // the template is a shell's
mod slurm;
#[cfg(feature = "store")]
mod stores;
#[allow(dead_code)] // for the tests of the hub source
mod stub;
mod summary;
mod support;
mod survey;
mod terminal;
mod tiny_open;
mod undeserved;
mod words;
