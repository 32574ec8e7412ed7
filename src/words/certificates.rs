//! What is said of certificates, when one is written and when one is checked.

super::words! {
    /// Sentences about certificates.
    Certificates {
        // Writing one.
        NotRead: "no certificate: {path} was not read, and a certificate covers every file", "pas de certificat : {path} n'a pas été lu, et un certificat couvre tous les fichiers";
        TooLong: "more than {n} bytes: no certificate", "plus de {n} octets : pas un certificat";
        NoFiles: "there are no files to certify", "il n'y a pas de fichiers à certifier";
        Unwritable: "it cannot be written: {why}", "il ne peut être écrit : {why}";
        Refused: "not certified", "non certifié";
        Sealed: "certified: {level}, files {n}, by {kind} key {key}", "certifié : {level}, fichiers {n}, par la clé {kind} {key}";

        // Checking one.
        OtherPayload: "what is signed is of the type `{type}`, not an in-toto statement", "ce qui est signé est du type `{type}`, pas une déclaration in-toto";
        NoStatement: "what is signed is no certificate: {why}", "ce qui est signé n'est pas un certificat : {why}";
        OtherKind: "what is signed is a statement of the type `{type}`, no certificate of ouvert", "ce qui est signé est une déclaration du type `{type}`, pas un certificat d'ouvert";
        OddSubject: "a file is named twice or has no SHA-256: {path}", "un fichier est nommé deux fois ou n'a pas de SHA-256 : {path}";
        NotByKey: "not signed with the key given ({key}), or changed since", "non signé avec la clé donnée ({key}), ou modifié depuis";
        NotLooked: "not looked at: nobody vouches for what the certificate says", "non examiné : personne ne répond de ce que dit le certificat";
        ByKey: "signed with the key given ({kind}, {key})", "signé avec la clé donnée ({kind}, {key})";
        FilesHold: "the files are those certified ({n})", "les fichiers sont ceux certifiés ({n})";
        FilesUnread: "files that could not be read: {n}", "fichiers qui n'ont pu être lus : {n}";
        FilesDiffer: "of {of} files certified: {changed} changed, {missing} missing, {renamed} renamed; and {new} new", "sur {of} fichiers certifiés : modifiés {changed}, manquants {missing}, renommés {renamed} ; et nouveaux {new}";
        NoProfile: "judged by {id} {version}, which is not here; --profile FILE names it", "jugé selon {id} {version}, qui n'est pas ici ; --profile FICHIER le désigne";
        SameProfile: "judged by {id} {version}, the one here", "jugé selon {id} {version}, celui d'ici";
        OtherProfile: "judged by {id} {version} ({digest}); the one here is {known} {its} ({other})", "jugé selon {id} {version} ({digest}) ; celui d'ici est {known} {its} ({other})";

        // The screen.
        Head: "{name}: {level}, {score} of 100, by {id} {version}", "{name} : {level}, {score} sur 100, selon {id} {version}";
        HeadBare: "{name}: {level}, by {id} {version}", "{name} : {level}, selon {id} {version}";
        Audited: "audited on {date} by {tool} {version}, evidence {digest}", "audit du {date} par {tool} {version}, éléments {digest}";
        Changed: "changed", "modifié";
        Missing: "missing", "manquant";
        Renamed: "renamed to {path}", "renommé en {path}";
        New: "new", "nouveau";
        Unread: "not read", "non lu";
        Certified: "certified: {digest}", "certifié : {digest}";
        Found: "found: {digest}", "trouvé : {digest}";
        Valid: "The certificate holds.", "Le certificat est valable.";
        Invalid: "The certificate does not hold for these files.", "Le certificat ne vaut pas pour ces fichiers.";
        More: "{n} more (--verbose shows them)", "{n} de plus (--verbose les montre)";
    }
}
