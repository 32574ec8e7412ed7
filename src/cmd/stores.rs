//! Object stores as the environment has them, by the names that the clouds' own tools read. Nothing is taken from files of those
//! tools but the key that GOOGLE_APPLICATION_CREDENTIALS names, and no machine is asked who it is.

use std::io::Read;
use std::path::PathBuf;

use ouvert::error::Error;
use ouvert::source::{Azure, BucketId, Google, Locator, S3, Secret, Store, Stores};
use ouvert::words::errors::{Errors as Word, Wanted};
use url::{Host, Url};

use super::environment::{address, set, truth};
use super::missing;

/// Bytes of the key of a service account.
const LONGEST_KEY: u64 = 64 * 1024;

/// What the environment says of the object stores that targets lie in; of others nothing is looked at.
///
/// # Errors
/// [`Error::Setting`] for a variable that holds no address, [`Error::Usage`] for one that holds something else it should not, and
/// [`Error::NoFile`] for a key that is not there.
pub(super) fn stores<'a>(targets: impl IntoIterator<Item = &'a str>) -> Result<Stores, Error> {
    let mut asked: Vec<Store> = Vec::new();
    for target in targets.into_iter().filter(|target| BucketId::is_meant(target)) {
        match target.parse() {
            Ok(Locator::Bucket(id)) if !asked.contains(&id.store) => asked.push(id.store),
            // Whoever opens a target that is none meets the error.
            _ => {}
        }
    }
    let mut out = Stores::default();
    for store in asked {
        match store {
            Store::S3 => out.s3 = s3()?,
            Store::Google => out.google = google()?,
            Store::Azure => out.azure = azure()?,
        }
    }
    Ok(out)
}

/// A variable that holds a secret.
fn secret(name: &'static str) -> Result<Option<Secret>, Error> {
    let odd = || Error::Usage(Word::OddSetting.text(&[("name", &name)]));
    set(name).map(|text| Secret::new(text).ok_or_else(odd)).transpose()
}

/// The first of some variables that holds something, made of letters, digits and a few signs.
fn word(names: &[&'static str]) -> Result<Option<String>, Error> {
    let Some((name, text)) = names.iter().find_map(|name| Some((name, set(name)?))) else { return Ok(None) };
    let sound = text.len() <= 256 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if sound { Ok(Some(text)) } else { Err(Error::Usage(Word::OddSetting.text(&[("name", name)]))) }
}

/// The address of a store. One that is not encrypted must be of this machine, or be asked for.
fn endpoint(names: &[&'static str]) -> Result<Option<Url>, Error> {
    let Some((name, text)) = names.iter().find_map(|name| Some((*name, set(name)?))) else { return Ok(None) };
    // Google's own tools take an emulator's host and port alone.
    let full = if text.contains("://") { text } else { format!("http://{text}") };
    let url = address(name, &full)?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(v4)) => v4.is_loopback(),
        Some(Host::Ipv6(v6)) => v6.is_loopback(),
        None => false,
    };
    let allowed = ["AWS_ALLOW_HTTP", "AZURE_ALLOW_HTTP"].iter().any(|n| set(n).is_some_and(|v| truth(&v)));
    if url.scheme() == "https" || here || allowed {
        return Ok(Some(url));
    }
    Err(Error::Setting { name, message: Word::ClearText.text(&[("text", &full)]) })
}

fn s3() -> Result<S3, Error> {
    let key = word(&["AWS_ACCESS_KEY_ID"])?.zip(secret("AWS_SECRET_ACCESS_KEY")?);
    Ok(S3 {
        endpoint: endpoint(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"])?,
        region: word(&["AWS_REGION", "AWS_DEFAULT_REGION"])?,
        key,
        session: secret("AWS_SESSION_TOKEN")?,
    })
}

fn google() -> Result<Google, Error> {
    let names = ["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_SERVICE_ACCOUNT"];
    let account = names.iter().find_map(|name| set(name)).map(|path| key(&PathBuf::from(path))).transpose()?;
    Ok(Google { endpoint: endpoint(&["STORAGE_EMULATOR_HOST"])?, account })
}

/// The key in a file.
fn key(path: &std::path::Path) -> Result<Secret, Error> {
    let mut text = String::new();
    let wrong = |e| missing(path, Wanted::ServiceAccount, e);
    std::fs::File::open(path).map_err(wrong)?.take(LONGEST_KEY).read_to_string(&mut text).map_err(wrong)?;
    Ok(Secret::text(text))
}

fn azure() -> Result<Azure, Error> {
    Ok(Azure {
        endpoint: endpoint(&["AZURE_STORAGE_ENDPOINT"])?,
        account: word(&["AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT"])?,
        key: secret("AZURE_STORAGE_ACCOUNT_KEY")?.or(secret("AZURE_STORAGE_KEY")?),
        signature: secret("AZURE_STORAGE_SAS_TOKEN")?,
    })
}
