//! What parsers say of a mistake in a text, in French: those sentences come as English words alone, and the common ones are told by
//! their form. One that is not among them is quoted.

use super::formats::Formats;
use super::{Lang, Text, filled, fits};

super::words! {
    /// Sentences of parsers, and of our own types that are read through them.
    Foreign {
        // Places that a parser adds to its sentence.
        At: "{what} at line {line} column {column}", "{what} (ligne {line}, colonne {column})";

        // Types that are derived.
        NoFields: "unknown field `{field}`, there are no fields", "champ inconnu `{field}` : il n'y a pas de champ ici";
        OneOfFields: "unknown field `{field}`, expected one of {list}", "champ inconnu `{field}` ; attendu : l'un de {list}";
        Field: "unknown field `{field}`, expected {list}", "champ inconnu `{field}` ; attendu : {list}";
        OneOfVariants: "unknown variant `{word}`, expected one of {list}", "mot inconnu `{word}` ; attendu : l'un de {list}";
        Variant: "unknown variant `{word}`, expected {list}", "mot inconnu `{word}` ; attendu : {list}";
        Missing: "missing field `{field}`", "le champ `{field}` manque";
        Twice: "duplicate field `{field}`", "le champ `{field}` figure deux fois";
        WrongType: "invalid type: {found}, expected {wanted}", "mauvais type : {found} ; attendu : {wanted}";
        WrongValue: "invalid value: {found}, expected {wanted}", "mauvaise valeur : {found} ; attendu : {wanted}";
        WrongLength: "invalid length {n}, expected {wanted}", "mauvaise longueur : {n} ; attendu : {wanted}";
        WantedOne: "wanted exactly 1 element, {found}", "exactement un élément est attendu, {found}";

        // Versions.
        VersionEmpty: "empty string, expected a semver version", "texte vide ; attendu : une version sémantique";
        VersionEnds: "unexpected end of input while parsing {part}", "la version s'arrête avant {part}";
        VersionSign: "unexpected character {sign} while parsing {part}", "caractère inattendu {sign} dans {part}";
        VersionAfter: "unexpected character {sign} after {part}", "caractère inattendu {sign} après {part}";
        VersionZero: "invalid leading zero in {part}", "zéro en tête dans {part}";
        VersionHole: "empty identifier segment in {part}", "segment vide dans {part}";
        VersionLarge: "value of {part} exceeds u64::MAX", "nombre trop grand dans {part}";

        // TOML.
        NotQuoted: "string values must be quoted, expected literal string", "un texte se met entre guillemets";
        NoAssignment: "key with no value, expected `=`", "clé sans valeur ; attendu : `=`";
        NoValue: "missing value for key, expected literal string", "clé sans valeur";
        KeyTwice: "duplicate key", "la clé figure deux fois";
        OpenTable: "unclosed table, expected `]`", "en-tête de table non fermé ; attendu : `]`";
        OpenArrayTable: "unclosed array table, expected `]]`", "en-tête de table non fermé ; attendu : `]]`";
        OpenInline: "unclosed inline table, expected `}`", "table en ligne non fermée ; attendu : `}`";
        OpenArray: "unclosed array, expected `]`", "liste non fermée ; attendu : `]`";
        ExtraAssignment: "extra `=`, expected nothing", "un `=` de trop";
        BadString: "invalid basic string, expected {wanted}", "texte mal formé ; attendu : {wanted}";
        BadLiteral: "invalid literal string, expected {wanted}", "texte mal formé ; attendu : {wanted}";
        BadDate: "invalid date, expected {part}", "date mal formée ; attendu : {part}";
        Unexpected: "unexpected key or value, expected {wanted}", "clé ou valeur inattendue ; attendu : {wanted}";
        NoComma: "missing comma between array elements, expected `,`", "il manque une virgule entre deux éléments";
        OriginIs: "`origin` must be a text, or one in `en` and one in `fr`", "`origin` doit être un texte, ou un en `en` et un en `fr`";
        TooDeep: "cannot recurse further; max recursion depth met", "trop d'éléments imbriqués";

        // JSON.
        EndsInList: "EOF while parsing a list", "le texte s'arrête dans une liste";
        EndsInObject: "EOF while parsing an object", "le texte s'arrête dans un objet";
        EndsInString: "EOF while parsing a string", "le texte s'arrête dans une chaîne";
        EndsInValue: "EOF while parsing a value", "le texte s'arrête avant une valeur";
        WantedValue: "expected value", "une valeur est attendue";
        WantedIdent: "expected ident", "`true`, `false` ou `null` est attendu";
        WantedEither: "expected `{one}` or `{other}`", "`{one}` ou `{other}` est attendu";
        WantedSign: "expected `{sign}`", "`{sign}` est attendu";
        BadEscape: "invalid escape", "échappement inconnu";
        BadNumber: "invalid number", "nombre mal formé";
        BigNumber: "number out of range", "nombre trop grand";
        KeyIsText: "key must be a string", "une clé doit être une chaîne";
        TrailingComma: "trailing comma", "virgule de trop";
        TrailingText: "trailing characters", "du texte suit la fin du document";
        Deep: "recursion limit exceeded", "trop d'éléments imbriqués";
        ControlSign: "control character (\\u0000-\\u001F) found while parsing a string", "caractère de contrôle dans une chaîne";

        // YAML.
        YamlKey: "while parsing a block mapping, did not find expected key", "une clé est attendue ici";
        YamlDash: "while parsing a block collection, did not find expected '-' indicator", "un `-` est attendu ici";
        YamlValues: "mapping values are not allowed in this context", "un `:` n'est pas permis ici";
        YamlKeys: "mapping keys are not allowed in this context", "une clé n'est pas permise ici";
        YamlEntries: "block sequence entries are not allowed in this context", "un `-` n'est pas permis ici";
        YamlTab: "tabs disallowed within this context (block indentation)", "une tabulation n'est pas permise dans l'indentation";
        YamlTabs: "tabs disallowed in this context", "une tabulation n'est pas permise ici";
        YamlIndent: "invalid indentation", "indentation fautive";
        YamlTabIndent: "tab cannot be used as indentation", "une tabulation n'est pas permise dans l'indentation";
        YamlQuote: "unclosed quote", "guillemet non fermé";
        YamlBracket: "unclosed bracket '{open}'", "crochet `{open}` non fermé";
        YamlMismatch: "mismatched bracket '{open}' closed by '{close}'", "crochet `{open}` fermé par `{close}`";
        YamlSimpleKey: "simple key expected ':'", "`:` est attendu après une clé";
        YamlNoColon: "simple key is no longer valid", "cette clé n'a pas de `:`";
        YamlAnchor: "while parsing node, found unknown anchor", "ancre inconnue";
        YamlFlow: "while parsing a flow sequence, expected ',' or ']'", "`,` ou `]` est attendu";
        YamlFlowMap: "while parsing a flow mapping, did not find expected ',' or '}'", "`,` ou `}` est attendu";
        YamlContent: "while parsing a node, did not find expected node content", "une valeur est attendue";
        YamlSign: "unexpected character: `{sign}'", "caractère inattendu : `{sign}`";
        YamlAfterQuote: "invalid trailing content after double-quoted scalar", "du texte suit un guillemet fermé";
        YamlAfterSingle: "invalid trailing content after single-quoted scalar", "du texte suit un guillemet fermé";
        YamlMisplaced: "misplaced bracket", "crochet mal placé";
        YamlDirective: "while scanning a directive, could not find expected directive name", "un nom est attendu après `%`";
        YamlEnd: "unexpected eof", "le texte s'arrête trop tôt";
        YamlEndIn: "unexpected EOF while parsing {part}", "le texte s'arrête trop tôt dans {part}";

        // Numbers.
        NoDigit: "invalid digit found in string", "ce n'est pas un nombre entier";
        NoDigits: "cannot parse integer from empty string", "il n'y a pas de nombre";
        LargeNumber: "number too large to fit in target type", "le nombre est trop grand";

        // URLs.
        UrlEmptyHost: "empty host", "pas d'hôte";
        UrlRelative: "relative URL without a base", "pas de schéma tel que `https://`";
        UrlPort: "invalid port number", "numéro de port fautif";
        UrlIpv4: "invalid IPv4 address", "adresse IPv4 fautive";
        UrlIpv6: "invalid IPv6 address", "adresse IPv6 fautive";
        UrlSign: "invalid domain character", "caractère fautif dans le nom de domaine";
        UrlName: "invalid international domain name", "nom de domaine fautif";

        // Systems and connections.
        KindNotFound: "entity not found", "introuvable";
        KindPermission: "permission denied", "permission refusée";
        KindDirectory: "is a directory", "c'est un dossier";
        KindNotDirectory: "not a directory", "une partie du chemin n'est pas un dossier";
        KindFull: "no storage space", "il n'y a plus de place";
        KindQuota: "quota exceeded", "le quota est atteint";
        KindReadOnly: "read-only filesystem or storage medium", "le système de fichiers est en lecture seule";
        KindLarge: "file too large", "le fichier est trop gros";
        KindExists: "entity already exists", "existe déjà";
        KindName: "invalid filename", "ce nom de fichier n'est pas permis";
        KindData: "invalid data", "ce n'est pas ce qui est attendu là";
        KindPipe: "broken pipe", "plus personne ne lit";
        KindTime: "timed out", "délai dépassé";
        KindBusy: "resource busy", "occupé";
        KindText: "executable file busy", "le fichier est en cours d'exécution";
        KindLoop: "filesystem loop or indirection limit (e.g. symlink loop)", "des liens qui tournent en rond";
        KindUnsupported: "unsupported", "pas possible ici";
        KindMemory: "out of memory", "il n'y a plus de mémoire";
        KindEnd: "unexpected end of file", "le fichier s'arrête trop tôt";
        KindReset: "connection reset", "connexion coupée par l'autre côté";
        KindRefused: "connection refused", "connexion refusée";
        NotListed: "cannot be listed", "ne peut pas être listé";
        NotUtf8: "stream did not contain valid UTF-8", "ce n'est pas du texte en UTF-8";
        Numbered: "{what} (os error {n})", "{what}";
        RefusedConnection: "Connection refused", "connexion refusée";
        ResetConnection: "Connection reset by peer", "connexion coupée par l'autre côté";
        NoRoute: "No route to host", "pas de chemin vers l'hôte";
        NoNetwork: "Network is unreachable", "réseau inaccessible";
        ClosedEarly: "connection closed before message completed", "connexion fermée avant la fin de la réponse";
        TimedOut: "operation timed out", "délai dépassé";
        ConnectTimedOut: "deadline has elapsed", "délai dépassé";
    }
}

super::words! {
    /// What the sentences of parsers speak of: what was found, what was wanted, the parts of a version.
    Thing {
        Or: "{one} or {other}", "{one} ou {other}";
        Text: "string {text}", "le texte {text}";
        Integer: "integer `{n}`", "l'entier `{n}`";
        Float: "floating point `{n}`", "le nombre `{n}`";
        Boolean: "boolean `{word}`", "le booléen `{word}`";
        FoundMap: "map", "une table";
        FoundList: "sequence", "une liste";
        FoundDate: "datetime", "une date";
        FoundNull: "null", "null";
        NoMore: "0 elements", "il n'y en a aucun";
        MoreThanOne: "more than 1 element", "il y en a plusieurs";

        AText: "a string", "un texte";
        AWord: "a borrowed string", "un texte";
        ABoolean: "a boolean", "un booléen";
        ANumber: "a number", "un nombre";
        AFloat: "f64", "un nombre";
        ASmallInteger: "u32", "un entier";
        AByte: "u8", "un petit entier";
        AnInteger: "i64", "un entier";
        ALargeInteger: "u64", "un entier";
        ASize: "usize", "un entier";
        AList: "a sequence", "une liste";
        AMap: "a map", "une table";
        AVersion: "semver version", "une version sémantique";
        Texts: "a string or a list of strings", "un texte ou une liste de textes";
        ATest: "the name of a check, or a table with `ask`, `all` or `any`", "le nom d'un contrôle, ou une table avec `ask`, `all` ou `any`";
        Struct: "struct {name}", "une table";
        Enum: "enum {name}", "un mot d'une liste fermée";

        Major: "major version number", "le premier nombre";
        Minor: "minor version number", "le deuxième nombre";
        Patch: "patch version number", "le troisième nombre";
        Pre: "pre-release identifier", "l'identifiant de préversion";
        Build: "build metadata", "les métadonnées de construction";

        BlockMapping: "a block mapping", "une table";
        BlockSequence: "a block sequence", "une liste";
        FlowMapping: "a flow mapping", "une table en ligne";
        FlowSequence: "a flow sequence", "une liste en ligne";
        ImplicitMapping: "an implicit flow mapping", "une table en ligne";

        TheRecord: "the record", "la fiche";
        IsList: "a list", "une liste";
        IsText: "a text", "un texte";
        IsNothing: "nothing", "rien";
        NoWord: "no word", "autre chose qu'un mot";
        Criterion: "criterion", "critère";
        Level: "level", "niveau";

        Month: "month between 01 and 12", "un mois de 01 à 12";
        Day: "day between 01 and {last}", "un jour de 01 à {last}";
        Digits: "four-digit year", "une année de quatre chiffres";
        Key: "key", "une clé";
        NewLine: "newline", "une fin de ligne";
        Value: "value", "une valeur";
        LiteralText: "literal string", "un texte";
    }
}

/// What a parser said, in both languages: in French by its form, or else quoted.
pub fn told(message: &str) -> Text {
    Text::new(tidy(message), french(message).unwrap_or_else(|| format!("« {message} »")))
}

/// The French of a sentence of a parser or of our readers, where its form is known.
pub fn french(message: &str) -> Option<String> {
    let own = Formats::ALL.iter().map(|(word, _)| word.both());
    let both = own.chain(Foreign::ALL.iter().map(|(word, _)| word.both()));
    let (pattern, values) = both.filter_map(|(en, fr)| Some((fr, fits(en, message)?))).next()?;
    let inner = |(name, value): (&'static str, &str)| match name {
        "list" => (name, value.replace(" or ", " ou ")),
        "why" | "what" => (name, french(value).unwrap_or_else(|| value.to_owned())),
        "found" | "wanted" | "part" => (name, thing(value)),
        // Names that the text itself gives are not words of the language.
        _ => (name, value.to_owned()),
    };
    let values: Vec<(&str, String)> = values.into_iter().map(inner).collect();
    Some(fill(pattern, &values))
}

fn fill<V: std::fmt::Display>(pattern: &str, values: &[(&str, V)]) -> String {
    let values: Vec<(&str, &dyn std::fmt::Display)> =
        values.iter().map(|(n, v)| (*n, v as &dyn std::fmt::Display)).collect();
    filled(pattern, &values)
}

/// A sentence in which no type of this program is named: who wrote the text does not know it.
fn tidy(message: &str) -> String {
    match message.rsplit_once(", expected struct ") {
        Some((before, _)) => format!("{before}, expected a table"),
        None => message.to_owned(),
    }
}

/// The French of what a sentence speaks of; what is not known stays as it is.
fn thing(text: &str) -> String {
    // Plain words come after those with a hole, and are the surer ones.
    let known = Thing::ALL.iter().rev().find_map(|(word, _)| Some((*word, fits(word.both().0, text)?)));
    match known {
        Some((Thing::Or, values)) => {
            let values: Vec<(&str, String)> = values.into_iter().map(|(n, v)| (n, thing(v))).collect();
            fill(Thing::Or.say(Lang::Fr), &values)
        }
        Some((word, values)) => fill(word.say(Lang::Fr), &values),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_known_and_others_quoted() {
        for (message, french) in [
            (
                "unknown field `licence`, expected one of `name`, `version`",
                "champ inconnu `licence` ; attendu : l'un de `name`, `version`",
            ),
            ("unknown field `a`, expected `b` or `c`", "champ inconnu `a` ; attendu : `b` ou `c`"),
            ("missing field `schema`", "le champ `schema` manque"),
            (
                "invalid type: string \"yes\", expected a boolean",
                "mauvais type : le texte \"yes\" ; attendu : un booléen",
            ),
            ("invalid type: integer `1`, expected struct Release", "mauvais type : l'entier `1` ; attendu : une table"),
            (
                "unexpected character 'x' while parsing minor version number",
                "caractère inattendu 'x' dans le deuxième nombre",
            ),
            ("EOF while parsing a value at line 1 column 0", "le texte s'arrête avant une valeur (ligne 1, colonne 0)"),
            ("odd at line 2 column 1", "odd (ligne 2, colonne 1)"),
            ("expected `,` or `]` at line 2 column 1", "`,` ou `]` est attendu (ligne 2, colonne 1)"),
            ("Connection refused (os error 111)", "connexion refusée"),
            ("something else", "« something else »"),
        ] {
            assert_eq!(told(message).fr, french);
        }
        let table = told("invalid type: integer `1`, expected struct Release");
        assert_eq!(table.en, "invalid type: integer `1`, expected a table");
    }

    #[test]
    fn what_parsers_really_say_is_known() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Sample {
            #[expect(dead_code, reason = "it is only read into")]
            version: Option<semver::Version>,
            #[expect(dead_code, reason = "it is only read into")]
            flag: Option<bool>,
            #[expect(dead_code, reason = "it is only read into")]
            inner: Option<Box<Sample>>,
        }
        let toml = [
            "flag = 1\nflag = 2",
            "flag",
            "flag =",
            "[inner",
            "[[inner",
            "flag = yes",
            "flag = \"a",
            "flag = [1",
            "inner = {",
            "flag = [1 2]",
            "flag = = 1",
            "flag = \"yes\"",
            "inner = 1",
            "flag = 1.5",
            "version = \"\"",
            "version = \"1\"",
            "version = \"1.x.0\"",
            "version = \"1.2.3.4\"",
            "version = \"01.2.3\"",
            "version = 1",
            "other = 1",
            "flag = 2026-13-01",
            "flag = 1 2",
        ];
        let mut unknown = Vec::new();
        for text in toml {
            let error = toml::from_str::<Sample>(text).unwrap_err();
            if french(error.message()).is_none() {
                unknown.push(format!("{text}: {}", error.message()));
            }
        }
        for text in ["", "[", "{", "[1,]", "{\"flag\": 1}", "{\"flag\"}", "[1 2]", "{} {}", "nul", "{\"a\": \"\\x\"}"] {
            let error = serde_json::from_str::<serde_json::Value>(text).err().map(|e| e.to_string());
            let error = error.or_else(|| serde_json::from_str::<Sample>(text).err().map(|e| e.to_string())).unwrap();
            let (message, _) = error.split_once(" at line").unwrap();
            if french(&error).is_none() || french(message).is_none() {
                unknown.push(format!("{text}: {error}"));
            }
        }
        for text in [
            "a: [1",
            "a: {b: 1",
            "a: \"b",
            "a: b: c",
            "a:\n\tb: 1",
            "a: 1\n b: 2",
            "- a\nb: 1",
            "a: *b",
            "a: 1\nb",
            "[1 2",
            "a: ]",
            "%",
        ] {
            let said = granit_parser::Parser::new_from_str(text).find_map(|event| event.err().map(|e| e.info()));
            if let Some(message) = said.filter(|m| french(m).is_none()) {
                unknown.push(format!("{text}: {message}"));
            }
        }
        assert!(unknown.is_empty(), "{unknown:#?}");
    }
}
