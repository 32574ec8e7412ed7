//! The command line: parse, dispatch, print an error, exit code.

mod cmd;

use std::process::ExitCode;

fn main() -> ExitCode {
    cmd::run()
}
