//! The world beside a release, from the environment: where services are, which tokens are for them, where answers are kept.

use std::path::PathBuf;
use std::sync::Arc;

use ouvert::error::Error;
use ouvert::net::{Endpoint, Net, Settings};
use ouvert::source::World;
use url::Url;

use super::environment::{address, not_url, set, truth};
use super::stores;

/// Whether the network may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Only the disk: the hub's cache, and no kept answers either.
    Disk,
    /// The disk, and the object store that the release lies in; nothing that it points to.
    Store,
    /// The hub's cache, and answers kept from before.
    Offline,
    /// Everything.
    Live,
}

impl Reach {
    /// Whether what a release points to is looked up, if only in answers kept from before.
    pub(super) fn looks_up(self) -> bool {
        matches!(self, Reach::Offline | Reach::Live)
    }
}

/// `--offline`, or the hub client's own switches.
pub(super) fn reach(offline: bool) -> Reach {
    let on = |name: &str| std::env::var(name).is_ok_and(|v| truth(&v));
    if offline || on("HF_HUB_OFFLINE") || on("TRANSFORMERS_OFFLINE") { Reach::Offline } else { Reach::Live }
}

/// The world as the environment has it; what opens an object store is read only where one of the targets lies in it.
///
/// # Errors
/// [`Error::Setting`] for a variable that holds no URL; of an object store, as [`stores::stores`].
pub(super) fn world<'a>(reach: Reach, targets: impl IntoIterator<Item = &'a str>) -> Result<World, Error> {
    let hub = service("HF_ENDPOINT", "https://huggingface.co")?;
    let github = service("GITHUB_API_URL", "https://api.github.com")?;
    let gitlab = service("GITLAB_API_URL", "https://gitlab.com/api/v4")?;
    let zenodo = service("ZENODO_API_URL", "https://zenodo.org/api")?;
    let datacite = service("DATACITE_API_URL", "https://api.datacite.org")?;
    let heritage = service("SWH_API_URL", "https://archive.softwareheritage.org/api/1")?;
    let endpoint = |url: &Url, token: Option<String>| Endpoint { url: url.clone(), token };
    let mut endpoints = trusted()?;
    endpoints.extend([
        endpoint(&hub, hub_token()),
        endpoint(&github, set("GITHUB_TOKEN").or_else(|| set("GH_TOKEN"))),
        endpoint(&gitlab, set("GITLAB_TOKEN")),
        endpoint(&zenodo, None),
        endpoint(&datacite, None),
        endpoint(&heritage, None),
    ]);
    let settings = Settings {
        endpoints,
        store: if reach.looks_up() { store() } else { None },
        offline: matches!(reach, Reach::Disk | Reach::Offline),
        proxy: ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].into_iter().find_map(set),
        contact: set("OUVERT_CONTACT"),
        ..Settings::default()
    };
    let net = Arc::new(Net::new(settings));
    let stores = stores::stores(targets)?;
    Ok(World { net, cache: hub_cache(), hub, github, gitlab, zenodo, datacite, heritage, stores })
}

/// `OUVERT_TRUSTED_HOSTS`: addresses of a private network that links may lead to, such as the storage behind a mirror of the
/// hub, separated by commas. They get no token.
fn trusted() -> Result<Vec<Endpoint>, Error> {
    const NAME: &str = "OUVERT_TRUSTED_HOSTS";
    let Some(list) = set(NAME) else { return Ok(vec![]) };
    let one = |text: &str| {
        let url = Url::parse(text).map_err(|e| not_url(NAME, text, &e))?;
        Ok(Endpoint { url, token: None })
    };
    list.split(',').map(str::trim).filter(|t| !t.is_empty()).map(one).collect()
}

/// A service's base, from a variable or as it is known.
fn service(name: &'static str, default: &str) -> Result<Url, Error> {
    address(name, &set(name).unwrap_or_else(|| default.to_owned()))
}

/// `HF_TOKEN`, else the hub client's token file, unless it is told to use none of its own accord.
fn hub_token() -> Option<String> {
    let file = || {
        if std::env::var("HF_HUB_DISABLE_IMPLICIT_TOKEN").is_ok_and(|v| truth(&v)) {
            return None;
        }
        let path = set("HF_TOKEN_PATH").map(PathBuf::from).or_else(|| hub_home().map(|home| home.join("token")))?;
        std::fs::read_to_string(path).ok().map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
    };
    set("HF_TOKEN").or_else(file)
}

/// The user's cache folder.
fn caches() -> Option<PathBuf> {
    set("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".cache")))
}

/// The hub client's folder.
fn hub_home() -> Option<PathBuf> {
    set("HF_HOME").map(PathBuf::from).or_else(|| caches().map(|cache| cache.join("huggingface")))
}

/// The hub's cache: `HF_HUB_CACHE`, else `HUGGINGFACE_HUB_CACHE`, else `$HF_HOME/hub`, else the user's cache folder.
fn hub_cache() -> Option<PathBuf> {
    let named = set("HF_HUB_CACHE").or_else(|| set("HUGGINGFACE_HUB_CACHE")).map(PathBuf::from);
    named.or_else(|| hub_home().map(|home| home.join("hub")))
}

/// Where answers are kept: `OUVERT_CACHE`, else `ouvert` in the user's cache folder; `OUVERT_CACHE=off` keeps none.
pub(super) fn store() -> Option<PathBuf> {
    match set("OUVERT_CACHE") {
        Some(off) if off == "off" => None,
        Some(path) => Some(PathBuf::from(path)),
        None => caches().map(|cache| cache.join("ouvert")),
    }
}
