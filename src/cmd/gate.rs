//! The gate of `ouvert audit`: `--require`, `--fail-under`, `--policy` and `--baseline`, read before anything is audited.

use std::path::PathBuf;

use clap::Args;
use ouvert::audit::gate::{self, Demands};
use ouvert::config::{Policy, Waiver};
use ouvert::error::Error;
use ouvert::profile;
use ouvert::report::Report;
use ouvert::words::errors::{Errors as Word, Wanted};
use ouvert::words::usage::Usage;

use super::profiles::Profiles;
use super::usage::Mistake;
use super::{read_text, saved};

/// The flags that say it.
#[derive(Args)]
pub(super) struct Flags {
    /// A policy: what must be reached, and what is waived, by whom, why and until when
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// An earlier report, saved as JSON: fail (exit 1) only on what got worse since
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Fail (exit 1) unless the verdict is this level or a higher one
    #[arg(long, value_name = "LEVEL")]
    require: Option<String>,
    /// Fail (exit 1) when the overall score is below this, 0 to 100
    #[arg(long, value_name = "SCORE", value_parser = score)]
    fail_under: Option<f64>,
}

/// What a run must reach.
pub(super) struct Gate {
    require: Option<String>,
    fail_under: Option<f64>,
    rules: Vec<String>,
    waivers: Vec<Waiver>,
    baseline: Option<Report>,
}

impl Gate {
    /// Reads what the flags name; a flag goes before the policy.
    pub(super) fn read(flags: &Flags, profiles: &Profiles) -> Result<Gate, Error> {
        if let Some(level) = &flags.require {
            profiles.known_level(level)?;
        }
        let policy =
            flags.policy.as_ref().map(|path| Policy::read(path, &read_text(path, Wanted::Policy)?)).transpose()?;
        if let Some(policy) = &policy {
            let levels: Vec<&str> = profiles.all().flat_map(|p| p.levels.iter().map(|l| l.id.as_str())).collect();
            let rules: Vec<&str> = profiles.all().flat_map(|p| p.rules.iter().map(|r| r.id.as_str())).collect();
            let others: Vec<_> = profile::ids().map(profile::built_in).collect::<Result<_, _>>()?;
            let others = others.iter().flat_map(|p| p.rules.iter().map(|r| r.id.as_str()));
            let every: Vec<&str> = rules.iter().copied().chain(others).collect();
            policy.hold(&levels, &rules, &every)?;
        }
        let own = policy.as_ref();
        let gate = Gate {
            require: flags.require.clone().or(own.and_then(|p| p.require.as_ref()).map(|l| l.get_ref().clone())),
            fail_under: flags.fail_under.or(own.and_then(|p| p.fail_under.as_ref()).map(|s| *s.get_ref())),
            rules: own.map(|p| p.rules.iter().map(|r| r.get_ref().clone()).collect()).unwrap_or_default(),
            baseline: flags.baseline.as_deref().map(saved::report).transpose()?,
            waivers: policy.map(|p| p.waivers).unwrap_or_default(),
        };
        if gate.fail_under.is_some() && !profiles.main.score.shown {
            return Err(Error::Usage(Word::NoScore.text(&[("id", &profiles.main.id)])));
        }
        if let Some(old) = gate.baseline.as_ref().filter(|old| old.profile.id != profiles.main.id) {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("old", &old.profile.id), ("new", &profiles.main.id)];
            return Err(Error::Usage(Word::OtherBaseline.text(&values)));
        }
        Ok(gate)
    }

    /// A gate that asks for a level and no more.
    pub(super) fn requiring(level: &str, profiles: &Profiles) -> Result<Gate, Error> {
        profiles.known_level(level)?;
        let require = Some(level.to_owned());
        Ok(Gate { require, fail_under: None, rules: vec![], waivers: vec![], baseline: None })
    }

    /// Opens or closes a report's gate.
    pub(super) fn hold(&self, report: &mut Report, profiles: &Profiles) {
        let rules: Vec<&str> = self.rules.iter().map(String::as_str).collect();
        let profiles: Vec<_> = profiles.all().collect();
        let demands = Demands {
            require: self.require.as_deref(),
            fail_under: self.fail_under,
            rules: &rules,
            waivers: &self.waivers,
            baseline: self.baseline.as_ref(),
        };
        gate::hold(report, &profiles, &demands);
    }
}

/// Parses the value of `--fail-under`. Nothing is below what is no number: such a gate would let everything pass.
fn score(text: &str) -> Result<f64, Mistake> {
    let number = text.parse::<f64>().ok().filter(|score| score.is_finite());
    number.ok_or_else(|| Mistake(Usage::Score.text(&[])))
}
