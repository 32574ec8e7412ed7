//! End-to-end cases as data: a tiny release, arguments, exit code and screen; and the console blocks of the README.

#[test]
fn cases_and_readme() {
    trycmd::TestCases::new()
        // No test sends a packet beyond this machine.
        .env("HF_HUB_OFFLINE", "1")
        .env("OUVERT_CACHE", "off")
        .env("SOURCE_DATE_EPOCH", "1767225600")
        .env("OUVERT_LANG", "en")
        .env("NO_COLOR", "1")
        .case("tests/cases/*.toml")
        .case("README.md");
}
