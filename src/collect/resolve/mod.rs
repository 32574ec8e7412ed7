//! What a release points at, looked up: each dataset, each base model up the chain, each code repository. What could not be
//! seen is a gap with its reason, never an absence.

mod repositories;

use std::collections::HashSet;

pub(super) use self::repositories::Configuration;
use self::repositories::from_repositories;
use crate::collect::{Hashing, Options, Release, Scope, collect, is_code_host, with_license};
use crate::error::{Fault, FaultKind};
use crate::evidence::{
    Access, ArtifactKind, BaseModel, ClaimSource, CodeRef, CodeTarget, Component, Dataset, Evidence, Gap, GapKind,
    LicenseClaim, NamedIn, Place, Repository, Topic,
};
use crate::parse::croissant::{self, Record};
use crate::source::{HubId, World, code, web};
use crate::words::{Lang, Text};

/// References of each kind that are followed.
const MOST_SETS: usize = 64;
const MOST_BASES: usize = 16;
const MOST_REPOSITORIES: usize = 12;
/// Gaps told of one set or base.
const MOST_GAPS: usize = 20;
/// Models up a chain of bases.
const DEEPEST: usize = 8;

/// What was learnt of a set.
struct Set {
    access: Access,
    license: Option<String>,
    documented: Option<Place>,
    said_partial: Vec<Place>,
    synthetic: Vec<(String, Place)>,
    card_read: bool,
    renamed: Option<String>,
    revision: Option<String>,
    /// What could not be seen of it.
    gaps: Vec<Gap>,
}

/// What came of one reference.
enum Found {
    Set(usize, Result<Set, Fault>),
    /// None where the chain of bases ends in itself, or is too long.
    Base(usize, Result<Option<Box<Evidence>>, Fault>),
    Code(Part, usize, Result<Repository, Fault>),
    Refs(Result<Vec<String>, Fault>),
}

/// The two lists of code.
#[derive(Clone, Copy)]
enum Part {
    Training,
    Processing,
}

/// Follows all references side by side; gives the training configurations of the code repositories, to be read.
pub(super) fn resolve(release: &mut Release<'_>, out: &mut Evidence, options: &Options<'_>) -> Vec<Configuration> {
    let Some(world) = options.world else {
        left_open(release, out, GapKind::Offline);
        return vec![];
    };
    let own = own_id(release);
    let mut chain: Vec<String> = options.chain.to_vec();
    chain.extend(own.map(|id| id.to_lowercase()));
    let sets = out.datasets.iter().enumerate().filter(|(_, d)| d.access == Access::Unresolved);
    let sets: Vec<(usize, String)> =
        sets.filter_map(|(i, d)| Some((i, d.target.clone()?))).filter(|(_, t)| !t.starts_with("path:")).collect();
    let bases: Vec<(usize, HubId)> = out
        .bases
        .models
        .iter()
        .enumerate()
        .filter_map(|(i, m)| Some((i, revised(HubId::model(&m.id)?, m.revision.as_deref()))))
        .collect();
    let code = |list: &[CodeRef], part: Part| -> Vec<(Part, usize, String, Option<String>)> {
        let url = |c: &CodeRef| match &c.target {
            CodeTarget::Url(url) if is_code_host(url) => Some(url.clone()),
            _ => None,
        };
        list.iter().enumerate().filter_map(|(i, c)| Some((part, i, url(c)?, c.revision.clone()))).collect()
    };
    let mut links = code(&out.recipe.code, Part::Training);
    links.extend(code(&out.data.processing, Part::Processing));
    cut(release, Topic::Data, sets.len(), MOST_SETS);
    cut(release, Topic::License, bases.len(), MOST_BASES);
    cut(release, Topic::Recipe, links.len(), MOST_REPOSITORIES);
    let found: Vec<Found> = std::thread::scope(|scope| {
        let mut jobs = Vec::new();
        let (chain, source) = (&chain, release.source);
        if options.scope == Scope::Whole && release.hub.is_some() {
            jobs.push(scope.spawn(|| Found::Refs(source.revisions())));
        }
        for (index, target) in sets.into_iter().take(MOST_SETS) {
            jobs.push(scope.spawn(move || Found::Set(index, set(world, &target))));
        }
        for (index, id) in bases.into_iter().take(MOST_BASES) {
            jobs.push(scope.spawn(move || Found::Base(index, base(world, &id, chain))));
        }
        for (part, index, url, revision) in links.into_iter().take(MOST_REPOSITORIES) {
            jobs.push(scope.spawn(move || Found::Code(part, index, code::look(world, &url, revision.as_deref()))));
        }
        jobs.into_iter().filter_map(|job| job.join().ok()).collect()
    });
    for one in found {
        match one {
            Found::Set(index, result) => settle_set(release, out.datasets.get_mut(index), result),
            Found::Base(index, result) => settle_base(release, out.bases.models.get_mut(index), result),
            Found::Code(part, index, result) => {
                let list = match part {
                    Part::Training => &mut out.recipe.code,
                    Part::Processing => &mut out.data.processing,
                };
                settle_code(release, list.get_mut(index), result);
            }
            Found::Refs(Ok(refs)) => out.hub.iter_mut().for_each(|hub| hub.refs.clone_from(&refs)),
            Found::Refs(Err(fault)) => release.gaps.push(Gap::of_fault(Topic::Recipe, "hub refs", &fault)),
        }
    }
    left_open(release, out, GapKind::NotResolved);
    let configurations = from_repositories(release, out, world);
    if let Some(hub) = &out.hub {
        let steps = hub.refs.iter().filter(|name| is_checkpoint(name));
        let place = |name: &String| Place { excerpt: Some(format!("revision {name}")), ..Place::file("hub refs") };
        out.recipe.checkpoints.extend(steps.take(5).map(place));
    }
    configurations
}

/// Says of each reference that nobody looked up, and that no gap tells of, why not: `why` for what can be followed; a bare
/// name leads nowhere.
fn left_open(release: &mut Release<'_>, out: &Evidence, why: GapKind) {
    let told: HashSet<String> = release.gaps.iter().map(|g| g.what.clone()).collect();
    let inside = |d: &Dataset| d.target.as_deref().is_some_and(|t| t.starts_with("path:"));
    let sets = out.datasets.iter().filter(|d| d.access == Access::Unresolved && !inside(d));
    let sets = sets.map(|d| (Topic::Data, d.id().to_owned(), d.target.is_some()));
    let code = out.recipe.code.iter().chain(&out.data.processing).filter(|c| c.repository.is_none());
    let code = code.filter_map(|c| match &c.target {
        CodeTarget::Url(url) => Some((Topic::Recipe, url.clone(), is_code_host(url))),
        _ => None,
    });
    let bases = out.bases.models.iter().filter(|m| m.evidence.is_none());
    let bases = bases.map(|m| (Topic::License, m.id.clone(), HubId::model(&m.id).is_some()));
    for (topic, what, leads) in sets.chain(code).chain(bases).collect::<Vec<_>>() {
        if !told.contains(&crate::evidence::excerpt_of(&what)) {
            release.gap(topic, &what, if leads { why } else { GapKind::NotResolved }, "");
        }
    }
}

/// The release's own id on the hub, where it has one.
fn own_id(release: &Release<'_>) -> Option<String> {
    let subject = release.source.subject();
    let id = subject.strip_prefix("hf:")?.split('@').next()?.to_owned();
    Some(id)
}

fn revised(id: HubId, revision: Option<&str>) -> HubId {
    HubId { revision: revision.map_or(id.revision, str::to_owned), ..id }
}

fn cut(release: &mut Release<'_>, topic: Topic, count: usize, most: usize) {
    if count > most {
        release.gap(topic, "references", GapKind::NotFetched, &format!("{most} / {count}"));
    }
}

/// A branch or tag that is named as intermediate checkpoints are: `step1000`, `stage1-step5-tokens20B`, `epoch-3`.
fn is_checkpoint(name: &str) -> bool {
    let low = name.to_lowercase();
    ["step", "checkpoint", "ckpt", "epoch", "tokens", "iter"].iter().any(|w| low.contains(w))
        && low.bytes().any(|b| b.is_ascii_digit())
}

/// Looks at a set: a dataset of the hub by its own source, anything else by its record or page.
fn set(world: &World, target: &str) -> Result<Set, Fault> {
    let Some(id) = target.strip_prefix("hub:") else {
        let seen = web::look(world, target)?;
        return Ok(Set {
            access: seen.access,
            license: seen.license,
            documented: None,
            said_partial: vec![],
            synthetic: vec![],
            card_read: false,
            renamed: None,
            revision: seen.pinned.then(|| target.to_owned()),
            gaps: vec![],
        });
    };
    let id = HubId::dataset(id).ok_or_else(|| Fault::new(FaultKind::NotFound, id))?;
    let source = world.open(&id)?;
    let evidence = look(source.as_ref(), Scope::Dataset, None, &[])?;
    let (gated, private) = evidence.hub.as_ref().map_or((false, false), |h| (h.gated.is_some(), h.private));
    let access = match contents(&evidence) {
        _ if private => Access::Private,
        _ if gated => Access::Gated,
        Contents::Data => Access::Public,
        Contents::CodeAlone => Access::Reached,
        Contents::Nothing => Access::Empty,
    };
    let now = evidence.hub.as_ref().map(|h| h.id.clone()).filter(|now| !now.eq_ignore_ascii_case(&id.repo));
    let own = evidence.datasets.first();
    // A set without a line of text below its front matter has no card to speak of.
    let documented = evidence
        .card
        .path
        .as_ref()
        .filter(|_| evidence.card.lines > 0)
        .map(|p| Place { path: format!("{id}: {p}"), ..Place::default() });
    let mut license = strictest(&evidence).or_else(|| own.and_then(|d| d.license.clone()));
    // The hub's own record speaks where the card says nothing.
    let record = || croissant::read(&world.croissant(&id).ok()?).ok().filter(Record::is_whole);
    let documented = documented.or_else(|| {
        let record = record()?;
        license = license.take().or_else(|| record.licenses.first().cloned());
        Some(Place::file(&format!("{id}: croissant")))
    });
    let from = |p: &Place| Place { path: format!("{id}: {}", p.path), ..p.clone() };
    Ok(Set {
        access,
        license,
        documented,
        said_partial: evidence.data.said_partial.iter().map(from).collect(),
        synthetic: evidence.data.synthetic.iter().map(|(who, p)| (who.clone(), from(p))).collect(),
        // A card that its hub tells the front matter of, and no more, was not read.
        card_read: evidence.card.path.as_deref().is_some_and(|p| evidence.files.iter().any(|f| f.path == p)),
        renamed: now,
        revision: None,
        // Where the code that made it lies was not asked.
        gaps: evidence.gaps.into_iter().filter(|g| g.topic != Topic::Recipe).collect(),
    })
}

/// The license of a set whose card names several: the strictest.
fn strictest(evidence: &Evidence) -> Option<String> {
    let of = |c: &&LicenseClaim| matches!(c.component, Component::Weights | Component::Data);
    // A field is told as it is written, anything else by what it was taken for.
    let name = |c: &'_ LicenseClaim| match &c.expression {
        Some(expression) if c.source != ClaimSource::FrontMatter => expression.clone(),
        _ => c.written.clone(),
    };
    let named = evidence.licenses.iter().filter(of).map(name);
    named.min_by_key(|name| crate::lists::judgement::judge(name).use_)
}

/// Pictures that may be the figures of a card.
const MOST_FIGURES: usize = 12;

/// What a dataset's repository holds beside its card.
enum Contents {
    Data,
    /// Code, its requirements, a few pictures: data may lie elsewhere.
    CodeAlone,
    Nothing,
}

fn contents(evidence: &Evidence) -> Contents {
    let words = [
        ArtifactKind::ModelCard,
        ArtifactKind::DataCard,
        ArtifactKind::License,
        ArtifactKind::Policy,
        ArtifactKind::Housekeeping,
        ArtifactKind::Manifest,
        ArtifactKind::Report,
    ];
    let mut out = Contents::Nothing;
    let mut pictures = 0;
    for file in evidence.files.iter().filter(|f| f.bytes > Some(0) && !words.contains(&f.kind)) {
        let name = file.path.rsplit('/').next().unwrap_or_default().to_lowercase();
        if [".py", ".sh", ".md", ".ipynb"].iter().any(|e| name.ends_with(e)) || name.starts_with('.') {
            out = Contents::CodeAlone;
        } else if [".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp"].iter().any(|e| name.ends_with(e)) {
            // A logo and the figures of a card are no data; a set of pictures has more of them.
            pictures += 1;
            if pictures > MOST_FIGURES {
                return Contents::Data;
            }
            out = Contents::CodeAlone;
        } else if file.kind == ArtifactKind::Environment {
            out = Contents::CodeAlone;
        } else if name != "dataset_infos.json" {
            return Contents::Data;
        }
    }
    out
}

/// Collects a base model, and through it the models it was made from; none where the chain goes on without end.
fn base(world: &World, id: &HubId, chain: &[String]) -> Result<Option<Box<Evidence>>, Fault> {
    if chain.contains(&id.repo.to_lowercase()) || chain.len() >= DEEPEST {
        return Ok(None);
    }
    let source = world.open(id)?;
    let mut evidence = look(source.as_ref(), Scope::Base, Some(world), chain)?;
    // Of a base, the files that its license and recipe are judged by are enough.
    let kept = [ArtifactKind::License, ArtifactKind::Policy, ArtifactKind::ModelCard, ArtifactKind::TrainingCode];
    evidence.files.retain(|f| kept.contains(&f.kind));
    Ok(Some(Box::new(evidence)))
}

fn look(
    source: &dyn crate::source::Source,
    scope: Scope,
    world: Option<&World>,
    chain: &[String],
) -> Result<Evidence, Fault> {
    let options = Options { hashing: Hashing::Skip, scope, world, chain, ..Options::default() };
    collect(source, &options).map_err(|error| match error {
        crate::error::Error::Network { fault, .. } => fault,
        other => Fault::told(FaultKind::BadAnswer, &Text::new(other.text(Lang::En), other.text(Lang::Fr))),
    })
}

/// What could not be seen of something that the release points at, with its name before it.
fn told_of(id: &str, gaps: &[Gap]) -> Vec<Gap> {
    let told = |g: &Gap| Gap { what: crate::evidence::excerpt_of(&format!("{id}: {}", g.what)), ..g.clone() };
    gaps.iter().take(MOST_GAPS).map(told).collect()
}

fn settle_set(release: &mut Release<'_>, set: Option<&mut Dataset>, result: Result<Set, Fault>) {
    let Some(set) = set else { return };
    let what = set.id().to_owned();
    match result {
        Ok(found) => {
            release.gaps.extend(told_of(&what, &found.gaps));
            set.access = found.access;
            // What a record says of a set does not outweigh what the set says of itself.
            let recorded = set.named.iter().any(|n| matches!(n, NamedIn::Bom | NamedIn::Croissant));
            match found.license {
                Some(license) if recorded && !set.named.contains(&NamedIn::Manifest) => with_license(set, &license),
                license => set.license = set.license.take().or(license),
            }
            set.documented = set.documented.take().or(found.documented);
            set.said_partial = found.said_partial;
            set.synthetic.extend(found.synthetic);
            set.card_read = found.card_read;
            set.renamed = found.renamed;
            set.revision = set.revision.take().or(found.revision);
        }
        Err(fault) => {
            set.access = match fault.kind {
                FaultKind::NotFound => Access::Absent,
                FaultKind::Hidden => Access::Hidden,
                FaultKind::Disabled => Access::Disabled,
                FaultKind::Gated => Access::Gated,
                _ => Access::Unresolved,
            };
            release.gaps.push(Gap::of_fault(Topic::Data, &what, &fault));
        }
    }
}

fn settle_base(release: &mut Release<'_>, model: Option<&mut BaseModel>, result: Result<Option<Box<Evidence>>, Fault>) {
    let Some(model) = model else { return };
    match result {
        Ok(Some(evidence)) => {
            release.gaps.extend(told_of(&model.id, &evidence.gaps));
            model.evidence = Some(evidence);
        }
        Ok(None) => {
            model.again = true;
            release.gap(Topic::License, &model.id, GapKind::Endless, "");
        }
        Err(fault) => release.gaps.push(Gap::of_fault(Topic::License, &model.id, &fault)),
    }
}

fn settle_code(release: &mut Release<'_>, code: Option<&mut CodeRef>, result: Result<Repository, Fault>) {
    let Some(code) = code else { return };
    match result {
        Ok(repository) => code.repository = Some(repository),
        Err(fault) => {
            let CodeTarget::Url(url) = &code.target else { return };
            release.gaps.push(Gap::of_fault(Topic::Recipe, url, &fault));
        }
    }
}
