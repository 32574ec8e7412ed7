//! The gate of `ouvert audit`: `--require`, `--fail-under`, `--policy` and `--baseline`, read before anything is audited.

use ouvert::audit::gate::{self, Demands};
use ouvert::config::{Policy, Waiver};
use ouvert::error::Error;
use ouvert::profile;
use ouvert::report::Report;
use ouvert::words::errors::{Errors as Word, Wanted};

use super::audit::{Audit, Profiles};
use super::{read_text, saved};

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
    pub(super) fn read(audit: &Audit, profiles: &Profiles) -> Result<Gate, Error> {
        if let Some(level) = &audit.require {
            profiles.known_level(level)?;
        }
        let policy =
            audit.policy.as_ref().map(|path| Policy::read(path, &read_text(path, Wanted::Policy)?)).transpose()?;
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
            require: audit.require.clone().or(own.and_then(|p| p.require.as_ref()).map(|l| l.get_ref().clone())),
            fail_under: audit.fail_under.or(own.and_then(|p| p.fail_under.as_ref()).map(|s| *s.get_ref())),
            rules: own.map(|p| p.rules.iter().map(|r| r.get_ref().clone()).collect()).unwrap_or_default(),
            baseline: audit.baseline.as_deref().map(saved::report).transpose()?,
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
