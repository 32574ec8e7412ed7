//! Which links of a release are followed: what may be asked is decided here, before anything is sent.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::{Net, address, same_origin, shown};
use crate::error::{Fault, FaultKind};
use crate::words::errors::Errors as Word;

/// The addresses that were looked up and found fit; connections are made to these and to no other.
#[derive(Debug, Default)]
pub(super) struct Pins(pub(super) Mutex<HashMap<String, Vec<SocketAddr>>>);

impl Resolve for Pins {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().trim_end_matches('.');
        let found = self.0.lock().ok().and_then(|pins| pins.get(name).cloned()).unwrap_or_default();
        Box::pin(async move {
            match found.is_empty() {
                true => Err("this name was not looked up".into()),
                false => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
    }
}

impl Net {
    /// Refuses a URL that a release has no business to name, and looks its host up. Nothing has been sent yet. `home` tells that
    /// the user's own settings name the place.
    pub(super) fn check(&self, url: &Url, home: bool) -> Result<(), Fault> {
        let refuse = |why: Word| Err(Fault::because(FaultKind::Refused, &shown(url), &why.text(&[])));
        if !matches!(url.scheme(), "http" | "https") {
            return refuse(Word::NotHttp);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse(Word::WithPassword);
        }
        let own = home || self.settings.endpoints.iter().any(|e| same_origin(&e.url, url));
        let port = url.port_or_known_default().unwrap_or(443);
        let fit = |address: IpAddr| own || address::is_public(address);
        match url.host() {
            None => refuse(Word::NoHost),
            Some(Host::Ipv4(v4)) if !fit(v4.into()) => refuse(Word::NotPublic),
            Some(Host::Ipv6(v6)) if !fit(v6.into()) => refuse(Word::NotPublic),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => Ok(()),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.').to_owned();
                let pinned = self.pins.0.lock().ok().and_then(|pins| pins.get(&name).cloned());
                if let Some(pinned) = pinned {
                    // The settings may name a host of a private network: its other ports are not for a release to name.
                    return match pinned.iter().all(|a| fit(a.ip())) {
                        true => Ok(()),
                        false => refuse(Word::NotPublic),
                    };
                }
                let found = match self.settings.lookup.lookup(&name, port) {
                    Ok(found) => found,
                    // Behind a proxy the names of the internet may be unknown here; the proxy looks them up.
                    Err(_) if self.settings.proxy.is_some() => return self.pin_proxy(),
                    Err(_) => return Err(Fault::new(FaultKind::UnknownHost, &name)),
                };
                let fits: Vec<SocketAddr> = found.iter().filter(|a| fit(a.ip())).map(without_port).collect();
                if fits.is_empty() {
                    return match found.is_empty() {
                        true => Err(Fault::new(FaultKind::UnknownHost, &name)),
                        false => refuse(Word::NotPublic),
                    };
                }
                if let Ok(mut pins) = self.pins.0.lock() {
                    pins.insert(name, fits);
                }
                self.pin_proxy()
            }
        }
    }

    /// Looks the user's own proxy up, once.
    fn pin_proxy(&self) -> Result<(), Fault> {
        let Some(proxy) = self.settings.proxy.as_deref().and_then(|p| Url::parse(p).ok()) else { return Ok(()) };
        let (Some(Host::Domain(name)), port) = (proxy.host(), proxy.port_or_known_default().unwrap_or(3128)) else {
            return Ok(());
        };
        let found = self.settings.lookup.lookup(name, port).map_err(|_| Fault::new(FaultKind::UnknownHost, name))?;
        if let Ok(mut pins) = self.pins.0.lock() {
            pins.insert(name.to_owned(), found.iter().map(without_port).collect());
        }
        Ok(())
    }
}

/// An address whose port is left to the URL: the same host may be asked at another one later.
fn without_port(address: &SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip(), 0)
}
