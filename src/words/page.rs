//! Words of the page that a reviewer sends to a colleague who has never heard of the tool.

super::words! {
    /// What only the HTML page says.
    Page {
        Title: "{name}: {level}, an openness audit", "{name} : {level}, audit d'ouverture";
        Kicker: "Openness audit", "Audit d'ouverture";
        Skip: "Skip to the verdict", "Aller au verdict";
        Contents: "On this page", "Sur cette page";
        JudgedBy: "Judged by: {profile}", "Jugé selon : {profile}";
        Day: "{day} {month} {year}", "{day} {month} {year}";
        FirstDay: "{day} {month} {year}", "{day}er {month} {year}";
        Months: "January February March April May June July August September October November December", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre";
        AuditedOn: "Audited on {date}", "Audit du {date}";
        Verdict: "Verdict:", "Verdict :";
        Mean: "Mean of the criteria: {score} of 100", "Moyenne des critères : {score} sur 100";
        Hand: "The criteria, as cards on a table", "Les critères, en cartes sur une table";
        CardUp: "A card that lies face up.", "Une carte posée face visible.";
        CardHalf: "A card that is half turned.", "Une carte à demi retournée.";
        CardDown: "A card that lies face down.", "Une carte posée face cachée.";
        CardDashed: "The dashed outline of a card.", "Le contour d'une carte, en pointillé.";
        HandLegend: "Face up: the criterion passes. Half turned: it passes in part. Face down: it fails. Dashed outline: it could not be told. Each small mark is a rule: filled when it is met, crossed when it is not, dotted when nobody could tell.", "Face visible : le critère est rempli. À demi retournée : il l'est en partie. Face cachée : il ne l'est pas. Contour en pointillé : on n'a pas pu le dire. Chaque petite marque est une règle : pleine si elle est acquise, barrée si elle n'est pas remplie, en pointillé si rien ne permet de le dire.";
        Beside: "Beside the criteria", "À côté des critères";

        MendIntro: "What makes the files unreliable comes first, then what a criterion fails by, then what gains most.", "D'abord ce qui met en doute les fichiers, puis ce qui fait échouer un critère, puis ce qui rapporte le plus.";
        ThenMend: "Then, in this order", "Ensuite, dans cet ordre";
        MendNothing: "Nothing that was asked is unmet.", "Rien de ce qui est demandé ne manque.";
        ToMend: "To mend it", "Pour y remédier";
        ToAsk: "To settle it", "Pour trancher";
        QuestionsIntro: "What the release leaves open. An answer from its maintainers settles it.", "Ce que la publication laisse ouvert. Une réponse de ses auteurs permet de trancher.";
        Evidence: "evidence", "éléments";

        Findings: "Every finding, with its evidence", "Tous les constats et leurs éléments";
        FindingsIntro: "What falls short stands first. Words beside a bar are quoted from the release as they are.", "Ce qui fait défaut vient d'abord. Les mots à côté d'un trait sont cités de la publication tels quels.";
        MoreFindings: "More findings in the JSON report: {n}.", "Autres constats dans le rapport JSON : {n}.";
        Rule: "rule", "règle";
        Tally: "{met} of {of}", "{met} sur {of}";
        Gains: "Mending it: {gain}", "Correction : {gain}";
        Grade: "grade: {grade}", "degré : {grade}";
        Why: "Why it matters", "Pourquoi c'est important";
        Refs: "Where the rule comes from", "D'où vient la règle";

        Dataset: "Dataset", "Jeu de données";
        License: "License", "Licence";
        Access: "Access", "Accès";
        MoreDatasets: "More datasets in the JSON report: {n}.", "Autres jeux dans le rapport JSON : {n}.";
        StagePretraining: "pretraining", "préentraînement";
        StageFineTuning: "fine-tuning", "affinage";
        StagePreference: "preference tuning", "ajustement par préférences";
        StageEvaluation: "evaluation", "évaluation";

        Lineage: "Lineage", "Lignée";
        LineageIntro: "The models that this one derives from: their terms and their data come with it.", "Les modèles dont celui-ci dérive : leurs conditions et leurs données l'accompagnent.";
        LineagePicture: "Tree of the base models", "Arbre des modèles de base";
        LineageDesc: "{release} at the top; below each model, those that it derives from. A solid frame: it was looked at. A dashed one: it was not.", "{release} en haut ; sous chaque modèle, ceux dont il dérive. Cadre plein : il a été examiné. En pointillé : il ne l'a pas été.";
        LineageLegend: "Solid frame: looked at. Dashed frame: not looked at. Dotted line: only text or a configuration names it.", "Cadre plein : examiné. Cadre en pointillé : non examiné. Trait en pointillé : seul un texte ou une configuration le nomme.";
        ThisRelease: "this release", "cette publication";
        NoLicenseNamed: "no license named", "aucune licence indiquée";
        Looked: "looked at", "examiné";
        NotLooked: "not looked at", "non examiné";
        Again: "shown above", "montré plus haut";
        BaseModel: "Base model", "Modèle de base";
        DerivedBy: "Named by", "Nommé par";
        InText: "in text only", "dans un texte seulement";
        NoSets: "no dataset named", "aucun jeu de données nommé";
        OneSet: "{n} dataset named", "{n} jeu de données nommé";
        Sets: "{n} datasets named", "{n} jeux de données nommés";
        MoreModels: "More models in the JSON report: {n}.", "Autres modèles dans le rapport JSON : {n}.";
        Revision: "revision", "révision";

        Size: "Size", "Taille";
        PublishedIn: "digest published in {list}", "empreinte publiée dans {list}";
        NotHashed: "not hashed", "empreinte non calculée";
        NotHashedPublished: "not hashed; published: {digest}", "non calculée ; publiée : {digest}";
        MoreFiles: "More files in the JSON report: {n}; those that fall short are shown first.", "Autres fichiers dans le rapport JSON : {n} ; ceux qui font défaut sont montrés d'abord.";

        OthersIntro: "The same evidence, judged by other rules. Each framework counts what it asks for.", "Les mêmes éléments, jugés selon d'autres règles. Chaque référentiel compte ce qu'il demande.";

        GapsIntro: "Nothing is concluded from what was not seen: rules that hang on it stay unknown.", "On ne conclut rien de ce qui n'a pas été vu : les règles qui en dépendent restent inconnues.";

        People: "What people decided", "Ce que des personnes ont décidé";
        PeopleIntro: "A waiver lets the run pass; it changes no finding. A clarification is a reviewer's answer, bound to the file that it was read in.", "Une dérogation laisse passer l'audit ; elle ne change aucun constat. Une clarification est la réponse d'un relecteur, liée au fichier où elle a été lue.";
        Settled: "Clarifications that settled an answer", "Clarifications qui ont tranché";
        SettledBy: "{by}, {on}, read in {file}", "{by}, le {on}, lu dans {file}";
        Source: "source:", "source :";

        HowToRead: "How to read this page", "Comment lire cette page";
        Outcomes: "Outcome of a rule", "Issue d'une règle";
        Needs: "How much a rule matters", "Poids d'une règle";
        Strengths: "How a fact is known", "Comment un fait est connu";
        DefMet: "It is so, and that was seen.", "C'est le cas, et cela a été vu.";
        DefNotMet: "It is not so, and that was seen.", "Ce n'est pas le cas, et cela a été vu.";
        DefUnknown: "It could not be told. It earns no points and is never rounded up.", "On n'a pas pu le dire. Cela ne rapporte aucun point et n'est jamais arrondi au-dessus.";
        DefNotApplicable: "The question does not arise for this release.", "La question ne se pose pas pour cette publication.";
        DefEssential: "Not met, the criterion fails.", "Non remplie, le critère échoue.";
        DefRequired: "Not met, the criterion passes in part only.", "Non remplie, le critère n'est rempli qu'en partie.";
        DefRecommended: "It moves the score only.", "Elle ne change que le score.";
        DefDeclared: "Somebody says so.", "Quelqu'un le dit.";
        DefObserved: "The file or the field is there.", "Le fichier ou le champ est là.";
        DefResolved: "What is pointed at was reached.", "Ce qui est désigné a été atteint.";
        DefVerified: "Bytes were hashed, or a signature or a re-run was checked.", "Des octets ont été hachés, ou une signature ou une réexécution contrôlée.";

        Made: "How this was made", "Comment cet audit a été fait";
        MadeIntro: "Whoever has the same files and the same version of the tool gets the same report.", "Qui a les mêmes fichiers et la même version de l'outil obtient le même rapport.";
        MadeTool: "Tool", "Outil";
        MadeProfile: "Profile", "Profil";
        MadeProfileDigest: "Digest of the profile", "Empreinte du profil";
        MadeTarget: "Target", "Cible";
        MadeHub: "Repository", "Dépôt";
        MadeRemote: "Cloned from", "Cloné depuis";
        MadeRevision: "Revision", "Révision";
        MadeAt: "Audited at", "Audit du";
        MadeFiles: "Digest of the files", "Empreinte des fichiers";
        MadeDigests: "Digests", "Empreintes";
        MadeEvidence: "Digest of the evidence", "Empreinte des éléments";
        MadeRun: "Run", "Exécution";
        RunPasses: "passes", "réussie";
        RunFails: "fails", "en échec";
        Alone: "This page runs no script and loads nothing from elsewhere.", "Cette page n'exécute aucun script et ne charge rien d'ailleurs.";
    }
}
