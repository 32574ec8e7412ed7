//! Words that every format for people shares: verdicts, outcomes, strengths, states of files and datasets, counts.

super::words! {
    /// What the formats for people say alike.
    Screen {
        Colon: ":", " :";
        Semicolon: ";", " ;";
        OpenQuote: "\"", "« ";
        CloseQuote: "\"", " »";
        OfHundred: "of 100", "sur 100";
        AtLeastAtMost: "{level} at least (at most {highest})", "{level} au moins (au plus {highest})";
        FailsBecause: "fails: {reason}", "échec : {reason}";
        AndReasons: "{reason} (and {n} more)", "{reason} (et {n} de plus)";
        AuditFails: "The audit fails:", "L'audit échoue :";
        MendFirst: "What to mend first", "À corriger d'abord";
        Questions: "Questions only a person can answer", "Questions auxquelles seule une personne peut répondre";
        NotSeen: "What could not be seen", "Ce qui n'a pas pu être vu";
        Lapsed: "Clarifications that settle nothing", "Clarifications sans effet";
        WhatIsMet: "what is met", "ce qui est acquis";
        Datasets: "Training datasets", "Jeux d'entraînement";
        Files: "Files", "Fichiers";
        Bytes: "{n} bytes", "{n} octets";
        Seconds: "{n} s", "{n} s";
        Minutes: "{n} min", "{n} min";
        Hours: "{n} h", "{n} h";
        Days: "{n} d", "{n} j";
        Recomputed: "recomputed", "recalculée";
        Cached: "cached, {age} old", "gardée d'avant, il y a {age}";
        Recorded: "recorded by the store", "donnée par le stockage";
        CountRecomputed: "recomputed {n}", "recalculées {n}";
        CountCached: "cached {n} ({age} old at most)", "gardées d'avant {n} ({age} au plus)";
        CountRecorded: "recorded by the store {n}", "données par le stockage {n}";
        DigestWays: "digests: {ways}", "empreintes : {ways}";
        Before: "the bytes changed though the modification time did not: {digest}, {age} ago", "les octets ont changé, pas la date de modification : {digest}, il y a {age}";
        ImportsDangerous: "imports that can do harm: {list}", "imports qui peuvent nuire : {list}";
        ImportsUnknown: "imports not known here: {list}", "imports inconnus ici : {list}";
        ImportsHarmless: "harmless imports: {list}", "imports sans danger : {list}";
        ImportsUnnamed: "imports whose names are made up while it loads: {n}", "imports dont le nom se compose au chargement : {n}";
        ImportsUnread: "not read: {why}", "non lu : {why}";
        LicenseUnknown: "license not known", "licence inconnue";
        Do: "do: {remedy}", "faire : {remedy}";
        Becomes: "{criterion} becomes {word}", "{criterion} devient {word}";
        Point: "+{n} point", "+{n} point";
        Points: "+{n} points", "+{n} points";
        MetOf: "{met} of {total} met", "{met} acquise sur {total}";
        MetsOf: "{met} of {total} met", "{met} acquises sur {total}";
        OneUnknown: "{n} unknown", "{n} inconnue";
        Unknowns: "{n} unknown", "{n} inconnues";
        More: "{n} more", "{n} de plus";
        AndMore: "{list} and {n} more", "{list} et {n} de plus";
        MoreListed: "{n} more (--verbose shows them): {list}", "{n} de plus (--verbose les montre) : {list}";
        MorePlaces: "more places: {n}", "autres endroits : {n}";
        Now: "now {id}", "maintenant {id}";
        KnownBy: "known by: {how}", "connu par : {how}";
        Colophon: "{tool} {version}, profile {profile} {of} ({digest}), {at}", "{tool} {version}, profil {profile} {of} ({digest}), {at}";
        FilesDigest: "files {digest}", "fichiers {digest}";
        ExplainHint: "`ouvert explain RULE` tells why a rule asks what it asks, and how to mend it.", "`ouvert explain RÈGLE` dit pourquoi une règle demande cela, et comment y répondre.";

        OutcomeMet: "met", "acquise";
        OutcomeNotMet: "not met", "non remplie";
        OutcomeUnknown: "unknown", "inconnue";
        OutcomeNotApplicable: "does not apply", "sans objet";

        NeedEssential: "essential", "essentielle";
        NeedRequired: "required", "exigée";
        NeedRecommended: "recommended", "conseillée";

        Declared: "declaration", "déclaration";
        Observed: "observation", "observation";
        Resolved: "resolution", "résolution";
        Verified: "verification", "vérification";

        FileVerified: "verified", "vérifié";
        FileMismatched: "mismatched", "altéré";
        FileCorrupted: "corrupted", "corrompu";
        FileMissing: "missing", "manquant";
        FileUnlisted: "unlisted", "non listé";
        FileUnpublished: "unpublished", "sans empreinte";
        FileDeclared: "declared", "déclaré";
        FilesVerified: "verified", "vérifiés";
        FilesMismatched: "mismatched", "altérés";
        FilesCorrupted: "corrupted", "corrompus";
        FilesMissing: "missing", "manquants";
        FilesUnlisted: "unlisted", "non listés";
        FilesUnpublished: "unpublished", "sans empreinte";
        FilesDeclared: "declared", "déclarés";

        AccessIncluded: "in the release", "dans la publication";
        AccessHidden: "missing or private", "absent ou privé";
        AccessAbsent: "not where the release says", "pas là où la publication le dit";
        AccessPublic: "public", "public";
        AccessEmpty: "there, and empty", "là, et vide";
        AccessDisabled: "closed by the hub", "fermé par le hub";
        AccessPrivate: "private", "privé";
        AccessReached: "a page, data not seen", "une page, données non vues";
        AccessGated: "gated", "sous contrôle d'accès";
        AccessOnRequest: "on request", "sur demande";
        AccessWithheld: "withheld", "non publié";
        AccessUnresolved: "not resolved", "non résolu";

        TopicLicense: "license", "licence";
        TopicData: "data", "données";
        TopicRecipe: "recipe", "recette";
        TopicArtifact: "artifact", "fichier";
        TopicIntegrity: "integrity", "intégrité";
    }
}
