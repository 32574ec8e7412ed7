//! `ouvert man`: the manual page of the whole command, its subcommands included.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ouvert::error::Error;

use super::{Outcome, command, print};

#[derive(Args)]
#[command(after_help = "Example: ouvert man > ouvert.1 && man ./ouvert.1")]
pub(super) struct Man {}

impl Man {
    pub(super) fn run(&self) -> Outcome {
        let wrong = |cause| Error::Write { path: PathBuf::from("ouvert.1"), cause };
        let mut top = command();
        top.build();
        let mut out = Vec::new();
        clap_mangen::Man::new(top.clone()).render(&mut out).map_err(wrong)?;
        for sub in top.get_subcommands() {
            let page = clap_mangen::Man::new(sub.clone());
            let mut part = Vec::new();
            for render in [
                clap_mangen::Man::render_synopsis_section,
                clap_mangen::Man::render_description_section,
                clap_mangen::Man::render_options_section,
            ] {
                render(&page, &mut part).map_err(wrong)?;
            }
            let title = format!(".SH \"OUVERT {}\"\n", sub.get_name().to_uppercase());
            out.extend_from_slice(title.as_bytes());
            // Sections of a subcommand become subsections under its name.
            let text = String::from_utf8_lossy(&part).replace(".SH ", ".SS ");
            out.extend_from_slice(text.as_bytes());
        }
        print(&String::from_utf8_lossy(&out))?;
        Ok(ExitCode::SUCCESS)
    }
}
