//! The door of a store: where its objects are, and requests that are signed as it asks. What opens it is taken from the settings
//! alone: no machine is asked who it is (the metadata services of clouds are never spoken to).

use std::fmt::Write as _;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use object_store::ClientOptions;
use object_store::aws::{AwsAuthorizer, AwsCredential};
use object_store::azure::{AzureAccessKey, AzureAuthorizer, AzureCredential, split_sas};
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse, HttpService,
};
use object_store::gcp::{GoogleCloudStorage, GoogleCloudStorageBuilder};
use url::Url;

use crate::error::{Error, Fault, FaultKind};
use crate::net::{Errand, Method};
use crate::parse::bucket::Object;
use crate::source::{BucketId, Store, Stores};
use crate::words::errors::Errors as Word;

/// Amazon's region where none is told.
const REGION: &str = "us-east-1";
/// The version of Azure's interface that unsigned requests ask for; without one an old one answers.
const AZURE: &str = "2023-11-03";

/// Where a bucket is, and what opens it.
pub(super) struct Door {
    store: Store,
    home: Url,
    bucket: String,
    opener: Opener,
}

enum Opener {
    Nothing,
    Amazon { credential: AwsCredential, region: String },
    Google(Box<Mutex<GoogleCloudStorage>>),
    Azure { credential: AzureCredential, account: String },
}

impl Door {
    /// The door of a bucket. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::Usage`] where a setting is missing or does not hold what it should.
    pub(super) fn new(id: &BucketId, stores: &Stores) -> Result<Door, Error> {
        let (home, opener) = match id.store {
            Store::S3 => amazon(stores)?,
            Store::Google => google(stores, &id.bucket)?,
            Store::Azure => azure(stores)?,
        };
        Ok(Door { store: id.store, home, bucket: id.bucket.clone(), opener })
    }

    /// The service that every request goes to.
    pub(super) fn home(&self) -> &Url {
        &self.home
    }

    /// Whether the store may have recorded a SHA-256 of its objects: Google and Azure record none.
    pub(super) fn records(&self) -> bool {
        self.store == Store::S3
    }

    /// Asks for a page of the keys that start with `prefix`.
    pub(super) fn page(&self, prefix: &str, mark: Option<&str>) -> Result<Errand, Fault> {
        let bucket = encoded(&self.bucket);
        let (path, fixed, key) = match self.store {
            Store::S3 => (format!("/{bucket}"), "list-type=2", "continuation-token"),
            Store::Google => (format!("/storage/v1/b/{bucket}/o"), "maxResults=1000", "pageToken"),
            Store::Azure => (format!("/{bucket}"), "comp=list&restype=container", "marker"),
        };
        let mut query = format!("?{fixed}");
        if !prefix.is_empty() {
            let _ = write!(query, "&prefix={}", encoded(prefix));
        }
        if let Some(mark) = mark {
            let _ = write!(query, "&{key}={}", encoded(mark));
        }
        self.signed(Method::Get, &(path + &query), vec![])
    }

    /// Asks for an object as it was listed, `range` for its first byte and the number of bytes.
    pub(super) fn object(&self, object: &Object, range: Option<(u64, u64)>) -> Result<Errand, Fault> {
        let mut headers = Vec::new();
        let mut query = String::new();
        if self.store == Store::Google {
            query.push_str("?alt=media");
            if let Some(generation) = &object.tag {
                let _ = write!(query, "&generation={}", encoded(generation));
            }
        } else if let Some(tag) = &object.tag {
            let tag = if tag.starts_with('"') { tag.clone() } else { format!("\"{tag}\"") };
            headers.push(("if-match", tag));
        }
        if let Some((from, count)) = range {
            headers.push(("range", format!("bytes={from}-{}", from.saturating_add(count).saturating_sub(1))));
        }
        self.signed(Method::Get, &(self.path(&object.key) + &query), headers)
    }

    /// Asks what the store recorded of an object.
    pub(super) fn record(&self, object: &Object) -> Result<Errand, Fault> {
        self.signed(Method::Head, &self.path(&object.key), vec![("x-amz-checksum-mode", "ENABLED".to_owned())])
    }

    /// Where an object is, below the service.
    fn path(&self, key: &str) -> String {
        let bucket = encoded(&self.bucket);
        match self.store {
            Store::Google => format!("/storage/v1/b/{bucket}/o/{}", encoded(key)),
            _ => format!("/{bucket}/{}", key.split('/').map(encoded).collect::<Vec<_>>().join("/")),
        }
    }

    fn signed(&self, method: Method, below: &str, headers: Vec<(&'static str, String)>) -> Result<Errand, Fault> {
        let odd = || Fault::new(FaultKind::BadToken, "");
        let url = format!("{}{below}", self.home.as_str().trim_end_matches('/'));
        let mut request = HttpRequest::new(HttpRequestBody::empty());
        *request.uri_mut() = url.parse().map_err(|_| odd())?;
        if method == Method::Head {
            *request.method_mut() = "HEAD".parse().map_err(|_| odd())?;
        }
        for (name, value) in headers {
            request.headers_mut().insert(name, value.parse().map_err(|_| odd())?);
        }
        if self.store == Store::Azure {
            request.headers_mut().insert("x-ms-version", AZURE.parse().map_err(|_| odd())?);
        }
        match &self.opener {
            Opener::Nothing => {}
            Opener::Amazon { credential, region } => {
                AwsAuthorizer::new(credential, "s3", region).try_authorize(&mut request, None).map_err(|_| odd())?;
            }
            Opener::Google(opener) => {
                let bearer = format!("Bearer {}", bearer(opener).ok_or_else(odd)?);
                request.headers_mut().insert("authorization", bearer.parse().map_err(|_| odd())?);
            }
            Opener::Azure { credential, account } => {
                AzureAuthorizer::new(credential, account).try_authorize(&mut request).map_err(|_| odd())?;
            }
        }
        let url = Url::parse(&request.uri().to_string()).map_err(|_| odd())?;
        let text = |name: &str, value: Option<&str>| Some((name.to_owned(), value?.to_owned()));
        let headers = request.headers().iter().filter_map(|(name, value)| text(name.as_str(), value.to_str().ok()));
        Ok(Errand { method, url, headers: headers.collect() })
    }
}

/// A text with all but letters, digits and `-._~` percent-encoded, as signatures want it.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A service's address as it is known.
fn known(url: &str) -> Result<Url, Error> {
    Url::parse(url).map_err(|_| Error::Usage(Word::NotService.text(&[("text", &url)])))
}

fn amazon(stores: &Stores) -> Result<(Url, Opener), Error> {
    let settings = &stores.s3;
    let region = settings.region.as_deref().unwrap_or(REGION);
    let of_china = if region.starts_with("cn-") { ".cn" } else { "" };
    let home = match &settings.endpoint {
        Some(endpoint) => endpoint.clone(),
        None => known(&format!("https://s3.{region}.amazonaws.com{of_china}"))?,
    };
    let Some((id, key)) = &settings.key else { return Ok((home, Opener::Nothing)) };
    let token = settings.session.as_ref().map(|token| token.tell().to_owned());
    let credential = AwsCredential { key_id: id.clone(), secret_key: key.tell().to_owned(), token };
    Ok((home, Opener::Amazon { credential, region: region.to_owned() }))
}

fn google(stores: &Stores, bucket: &str) -> Result<(Url, Opener), Error> {
    let settings = &stores.google;
    let home = match &settings.endpoint {
        Some(endpoint) => endpoint.clone(),
        None => known("https://storage.googleapis.com")?,
    };
    let Some(key) = &settings.account else { return Ok((home, Opener::Nothing)) };
    let builder = GoogleCloudStorageBuilder::new().with_bucket_name(bucket).with_service_account_key(key.tell());
    // Why it is no key is not told: the words could quote it.
    let store = builder.with_http_connector(NoWay).build().map_err(|_| Error::Usage(Word::NoAccountKey.text(&[])))?;
    Ok((home, Opener::Google(Box::new(Mutex::new(store)))))
}

fn azure(stores: &Stores) -> Result<(Url, Opener), Error> {
    let settings = &stores.azure;
    let account = settings.account.clone().unwrap_or_default();
    let home = match &settings.endpoint {
        Some(endpoint) => endpoint.clone(),
        None if account.is_empty() => return Err(Error::Usage(Word::NoAccount.text(&[]))),
        None => known(&format!("https://{account}.blob.core.windows.net"))?,
    };
    let odd = |name: &str| Error::Usage(Word::OddSetting.text(&[("name", &name)]));
    let credential = match (&settings.key, &settings.signature) {
        (Some(_), _) if account.is_empty() => return Err(Error::Usage(Word::NoAccount.text(&[]))),
        (Some(key), _) => {
            let key = AzureAccessKey::try_new(key.tell()).map_err(|_| odd("AZURE_STORAGE_ACCOUNT_KEY"))?;
            AzureCredential::AccessKey(key)
        }
        (None, Some(signature)) => {
            let pairs = split_sas(signature.tell()).map_err(|_| odd("AZURE_STORAGE_SAS_TOKEN"))?;
            AzureCredential::SASToken(pairs)
        }
        (None, None) => return Ok((home, Opener::Nothing)),
    };
    Ok((home, Opener::Azure { credential, account }))
}

/// The token that a service account signs for itself; it is made here, and nobody is asked for it.
fn bearer(store: &Mutex<GoogleCloudStorage>) -> Option<String> {
    let store = store.lock().unwrap_or_else(PoisonError::into_inner);
    let asked = pin!(store.credentials().get_credential());
    match asked.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(credential)) => Some(credential.bearer.clone()),
        _ => None,
    }
}

/// A way to no network: requests are signed here, and sent by the net.
#[derive(Debug)]
struct NoWay;

impl HttpConnector for NoWay {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(NoWay))
    }
}

type Answered<'a> = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'a>>;

impl HttpService for NoWay {
    fn call<'me, 'a>(&'me self, _: HttpRequest) -> Answered<'a>
    where
        'me: 'a,
        Self: 'a,
    {
        let refused = std::io::Error::from(std::io::ErrorKind::Unsupported);
        Box::pin(async { Err(HttpError::new(HttpErrorKind::Unknown, refused)) })
    }
}
