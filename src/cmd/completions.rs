//! `ouvert completions SHELL`.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

use super::{Outcome, command, print};

#[derive(Args)]
#[command(after_help = "Example: ouvert completions bash > ~/.local/share/bash-completion/completions/ouvert")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> Outcome {
        let mut out = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "ouvert", &mut out);
        print(&String::from_utf8_lossy(&out))?;
        Ok(ExitCode::SUCCESS)
    }
}
