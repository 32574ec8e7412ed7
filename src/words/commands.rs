//! What the commands beside `audit` say: `verify`, `init`, `import`, `explain`, `frameworks`.

super::words! {
    /// The words of those commands.
    Commands {
        Labelled: "{label}: {text}", "{label} : {text}";

        // explain
        Profile: "profile {id}", "profil {id}";
        Weight: "weight {n}", "poids {n}";
        Grades: "grades", "degrés";
        Instead: "may be met in its place", "peut être remplie à sa place";
        Mirrors: "taken over when the question does not arise", "reprise quand la question est sans objet";
        Why: "why", "pourquoi";
        Mend: "to mend it", "pour y remédier";
        Ask: "to ask", "à demander";
        From: "from", "source";
        TogetherFree: "together they bar no use: OR takes the freest, AND the strictest", "ensemble elles n'interdisent aucun usage : OR retient la plus libre, AND la plus stricte";
        TogetherBarred: "together they bar some uses: OR takes the freest, AND the strictest", "ensemble elles interdisent des usages : OR retient la plus libre, AND la plus stricte";
        TogetherUnknown: "what they come to together is not known", "ce à quoi elles reviennent ensemble est inconnu";
        ForModels: "models", "des modèles";
        ForSoftware: "software", "des logiciels";
        ForData: "data", "des données";
        ForContent: "content: texts, media, fonts, designs", "des contenus : textes, médias, polices, plans";
        MadeFor: "made for", "faite pour";
        NoLicense: "names no license: what it permits is not known", "ne nomme aucune licence : ce qui est permis est inconnu";
        BarsSome: "bars some uses:", "interdit certains usages :";
        BarsNone: "bars no use", "n'interdit aucun usage";
        Family: "a family of licenses: which one decides", "une famille de licences : laquelle, c'est ce qui décide";
        Unclear: "what it bars is not known", "ce qu'elle interdit est inconnu";
        Unread: "known by name, but nobody has read it here: what it bars is not known", "connue de nom, mais personne ne l'a lue ici : ce qu'elle interdit est inconnu";
        AsRead: "as read", "à la lecture";
        Attribution: "attribution", "attribution";
        ShareAlike: "share alike", "partage à l'identique";
        Naming: "a name to carry", "un nom à porter";
        PassOn: "pass the terms on", "transmettre les conditions";
        Notice: "keep notices", "conserver les mentions";
        AsksFor: "asks for", "demande";
        OutputTerms: "its terms follow the model's output into models trained on it", "ses conditions suivent les sorties du modèle dans les modèles qui en apprennent";
        Deprecated: "deprecated, now called", "périmée, s'appelle maintenant";
        ApprovedByNone: "none of OSI, FSF, Open Definition", "ni OSI, ni FSF, ni Open Definition";
        ApprovedBy: "approved by", "approuvée par";
        Source: "source", "source";
        TextExact: "the license's text, every word accounted for", "le texte de la licence, chaque mot étant vérifié";
        TextNotice: "a notice that points at the license, not its text", "une notice qui renvoie à la licence, pas son texte";
        TextChanged: "near this license, but not word for word", "proche de cette licence, mais pas mot pour mot";
        TextUnknown: "no license known here", "aucune licence connue ici";
        WordsBeside: "words it has beside it", "mots qu'il a en plus";
        Confidence: "confidence", "confiance";
        Row: "row of rules/fingerprints.tsv", "ligne de rules/fingerprints.tsv";

        // frameworks
        TheSame: "the same", "autant";
        Stronger: "stronger", "davantage";
        Weaker: "weaker", "moins";
        NotAsked: "not asked", "rien";
        Asks: "asks", "demande";
        Origin: "origin", "origine";
        Level: "level", "niveau";
        Note: "note", "note";
        License: "license", "licence";
        Data: "data", "données";
        Recipe: "recipe", "recette";
        ProfileColumn: "profile", "profil";
        VersionColumn: "version", "version";

        // verify
        Mismatched: "mismatched", "altérés";
        Missing: "missing", "manquants";
        Unlisted: "listed nowhere", "listés nulle part";
        Corrupted: "corrupted", "corrompus";
        NotCompared: "published, not compared", "publiés, non comparés";
        Unpublished: "without a published digest", "sans empreinte publiée";
        Verified: "verified", "vérifiés";
        NotSeen: "not seen:", "non vus :";
        NothingVerified: "nothing was verified", "rien n'a été vérifié";
        NotFetched: "(not fetched: a Git LFS pointer)", "(non récupéré : un pointeur Git LFS)";
        Holds: "holds", "tient";
        HoldsNot: "does not hold", "ne tient pas";
        Uncompared: "not compared", "non comparé";
        Weak: "{held}, weak", "{held}, faible";
        Found: "found:", "trouvé :";
        FilesMatch: "files match", "fichiers concordants";
        SignatureValid: "signature valid", "signature valide";
        ProfileNamed: "profile as named", "profil nommé";
        SignerExpected: "signer as expected", "signataire attendu";
        Yes: "yes", "oui";
        No: "no", "non";
        NotKnown: "unknown", "inconnu";
        Answered: "{label}: {answer} ({why})", "{label} : {answer} ({why})";
        Signature: "signature {path}", "signature {path}";
        FaultDigest: "altered", "altéré";
        FaultPiece: "altered in bytes {start} to {end}", "altéré dans les octets {start} à {end}";
        FaultLength: "of another length, in bytes", "d'une autre longueur, en octets";
        FaultMissing: "missing", "manquant";
        FaultRenamed: "under another name", "sous un autre nom";
        FaultUnsigned: "not signed", "non signé";
        FaultLink: "a symbolic link, which the signature allows none of", "un lien symbolique, ce que la signature n'admet pas";
        FaultUnread: "not read", "non lu";
        FaultSubject: "the digest of the whole", "l'empreinte de l'ensemble";
        SignedAs: "signed:", "signé :";
        LeftOut: "left out by it", "laissés de côté";
        Uncovered: "weights that it does not cover", "poids qu'elle ne couvre pas";
        MoreFaults: "more: {n}", "autres : {n}";

        // init
        Wrote: "wrote {path}; files with their digests: {n}", "{path} est écrit ; fichiers avec leur empreinte : {n}";
        FillIn: "fill in what its comments ask for, then run `ouvert audit {target}`", "complétez ce que ses commentaires demandent, puis lancez `ouvert audit {target}`";
        Refreshed: "{path}: digests refreshed: {changed}, files added: {added}", "{path} : empreintes rafraîchies : {changed}, fichiers ajoutés : {added}";
        Gone: "listed and not here, left as it is: {path}", "listé et absent, laissé tel quel : {path}";

        // import
        SameName: "`{name}` is the name in {other} too; the catalogue keeps one of them", "`{name}` est aussi le nom dans {other} ; le catalogue n'en garde qu'un";
    }
}
