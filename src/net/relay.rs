//! Requests that were signed for one service. They go to its own scheme, host and port as they were signed, and nowhere else: no
//! redirect is followed, no token of another service is added, and no answer is kept.

use std::fmt;
use std::io::{self, Read};
use std::time::Duration;

use reqwest::blocking::Response;
use reqwest::header::{HeaderName, HeaderValue};
use url::Url;

use super::answer::{body, fault};
use super::{Method, Net, same_origin, shown};
use crate::error::{Fault, FaultKind};

/// A request as it was signed.
#[derive(Clone)]
pub struct Errand {
    /// Whether the body is wanted.
    pub method: Method,
    /// Where; its query may hold a signature.
    pub url: Url,
    /// Names and values, those that open the service among them.
    pub headers: Vec<(String, String)>,
}

impl fmt::Debug for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.method, shown(&self.url))
    }
}

/// What came back, its body not read yet.
pub struct Reply {
    /// The status.
    pub status: u16,
    method: Method,
    response: Response,
    timeout: Duration,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, shown(self.response.url()))
    }
}

impl Net {
    /// Runs an errand to the service at `home`, which the user's own settings name.
    ///
    /// # Errors
    /// A [`Fault`] when it may not be sent, when it leads elsewhere, and when no answer came that means anything.
    pub fn run(&self, home: &Url, errand: &Errand) -> Result<Reply, Fault> {
        if self.settings.offline {
            return Err(Fault::new(FaultKind::Offline, ""));
        }
        if !same_origin(home, &errand.url) {
            return Err(Fault::new(FaultKind::Refused, &shown(&errand.url)));
        }
        self.check(&errand.url, true)?;
        let response = self.patiently(&errand.url, &|| self.carry(errand))?;
        let status = response.status().as_u16();
        Ok(Reply { status, method: errand.method, response, timeout: self.settings.timeout })
    }

    fn carry(&self, errand: &Errand) -> Result<Response, Fault> {
        let wrong = |name: &str| Fault::new(FaultKind::BadToken, name);
        let mut request = self.request(errand.method, &errand.url)?;
        for (name, value) in &errand.headers {
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong(name))?;
            let mut value = HeaderValue::from_str(value).map_err(|_| wrong(name))?;
            value.set_sensitive(true);
            request = request.header(key, value);
        }
        self.count();
        request.send().map_err(|e| fault(&e, &errand.url))
    }
}

impl Reply {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name).and_then(|value| value.to_str().ok())
    }

    /// The whole body, of at most `longest` bytes.
    ///
    /// # Errors
    /// A [`Fault`] when it is longer, breaks off or takes too long.
    pub fn whole(mut self, longest: usize) -> Result<Vec<u8>, Fault> {
        // Some services keep the encoding of the upload, which none of its bytes has.
        if self.header("content-encoding").is_some_and(|e| !["", "identity", "aws-chunked"].contains(&e)) {
            return Err(Fault::new(FaultKind::BadAnswer, "content-encoding"));
        }
        body(&mut self.response, self.method, longest, self.timeout)
    }

    /// The body as it comes, for bytes that are hashed and not kept. An error of its reader holds a [`Fault`].
    pub fn stream(self) -> Box<dyn Read + Send> {
        let what = shown(self.response.url());
        Box::new(Body { response: self.response, what })
    }
}

/// A body, told of by its URL without what opens it.
struct Body {
    response: Response,
    what: String,
}

impl Read for Body {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.response.read(out).map_err(|e| {
            let kind = if e.kind() == io::ErrorKind::TimedOut { FaultKind::Timeout } else { FaultKind::Broken };
            io::Error::other(Fault::new(kind, &self.what))
        })
    }
}
