//! `ouvert template ENGINE`: what runs many shards on a cluster, ready to be filled in.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::{Outcome, print};

#[derive(Args)]
#[command(after_help = "Examples:\n  ouvert template slurm > ouvert.slurm.sh && chmod +x ouvert.slurm.sh\n  \
    WORK=survey LIST=list.txt OUT=/scratch/survey SHARDS=64 ./ouvert.slurm.sh\n  \
    ouvert template kubernetes > ouvert.yaml")]
pub(super) struct Template {
    /// What runs the shards
    #[arg(value_enum)]
    engine: Engine,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Engine {
    /// A script: an array of jobs, a job that puts its shards together, and again what is missing
    Slurm,
    /// A manifest: an Indexed Job
    Kubernetes,
}

impl Template {
    pub(super) fn run(&self) -> Outcome {
        print(match self.engine {
            Engine::Slurm => include_str!("slurm.sh"),
            Engine::Kubernetes => include_str!("kubernetes.yaml"),
        })?;
        Ok(ExitCode::SUCCESS)
    }
}
