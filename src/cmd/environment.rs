//! What variables of the environment hold: a text, a switch, an address.

use ouvert::error::Error;
use ouvert::words::errors::Errors as Word;
use ouvert::words::{Lang, Text, foreign};
use url::Url;

/// Whether a switch is on.
pub(super) fn truth(text: &str) -> bool {
    ["1", "on", "yes", "true"].contains(&text.to_lowercase().as_str())
}

/// A variable that holds something.
pub(super) fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}

/// The address of a service, as a variable holds it.
pub(super) fn address(name: &'static str, text: &str) -> Result<Url, Error> {
    let url = Url::parse(text).map_err(|e| not_url(name, text, &e))?;
    let sound = matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.username().is_empty();
    if sound { Ok(url) } else { Err(Error::Setting { name, message: Word::NotService.text(&[("text", &text)]) }) }
}

/// The mistake of a variable that holds no URL.
pub(super) fn not_url(name: &'static str, text: &str, why: &url::ParseError) -> Error {
    let why = foreign::told(&why.to_string());
    let told = |lang: Lang| Word::NotUrl.with(lang, &[("text", &text), ("why", &why.get(lang))]);
    Error::Setting { name, message: Text::new(told(Lang::En), told(Lang::Fr)) }
}
