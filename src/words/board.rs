//! What is said of many releases together: on the screen, and on the page that ranks them.

super::words! {
    /// A table of many releases.
    Board {
        Title: "Openness of {all} releases", "Ouverture de {all} publications";
        TitleOne: "Openness of {all} release", "Ouverture de {all} publication";
        Kicker: "Openness survey", "Enquête d'ouverture";
        Skip: "Skip to the levels", "Aller aux niveaux";
        Contents: "On this page", "Sur cette page";
        Counts: "{all} in the list: {audited} audited, {failed} not", "{all} dans la liste : {audited} auditées, {failed} non";
        JudgedBy: "Judged by: {profile}", "Jugées selon : {profile}";
        On: "Audited on {date}", "Audit du {date}";
        Lacks: "This is not all of the survey: {what}.", "L'enquête n'est pas entière : {what}.";
        Levels: "Levels", "Niveaux";
        LevelsIntro: "How many of the audited releases reach each level.", "Combien des publications auditées atteignent chaque niveau.";
        Level: "Level", "Niveau";
        Releases: "Releases", "Publications";
        Share: "Share", "Part";
        Criteria: "Criteria", "Critères";
        CriteriaIntro: "What each criterion came to. What could not be told is never counted as passed.", "Ce que donne chaque critère. Ce qu'on n'a pas pu dire n'est jamais compté comme rempli.";
        Criterion: "Criterion", "Critère";
        Worst: "What fails most", "Ce qui manque le plus";
        WorstIntro: "Essential and required rules that are not met, the most frequent first.", "Les règles essentielles et exigées qui ne sont pas remplies, les plus fréquentes d'abord.";
        WorstNothing: "No essential or required rule is unmet.", "Aucune règle essentielle ou exigée n'est non remplie.";
        Rule: "Rule", "Règle";
        Owners: "By organisation", "Par organisation";
        OwnersIntro: "Those with the most audited releases first.", "Celles qui ont le plus de publications auditées d'abord.";
        OwnersMore: "Organisations not shown: {n}.", "Organisations non montrées : {n}.";
        Owner: "Organisation", "Organisation";
        NoOwner: "not known", "inconnue";
        Years: "By year", "Par année";
        YearsIntro: "By the year in which the repository was made, as the hub tells it.", "Selon l'année de création du dépôt, d'après le hub.";
        Year: "Year", "Année";
        NoYear: "not known", "inconnue";
        Mean: "Mean score", "Score moyen";
        Failures: "Not audited", "Non auditées";
        FailuresIntro: "Why releases of the list could not be audited. They count in no share.", "Pourquoi des publications de la liste n'ont pas pu être auditées. Elles ne comptent dans aucune part.";
        Kind: "Reason", "Raison";
        NotAudited: "not audited", "non auditée";
        NotAuditedWhy: "not audited: {why}", "non auditée : {why}";
        Table: "Every release", "Toutes les publications";
        TableIntro: "The highest level first, then the best score. Audited on bytes and words that anyone can see: what could not be seen is told as unknown.", "Le plus haut niveau d'abord, puis le meilleur score. D'après ce que chacun peut voir : ce qui n'a pu être vu est donné pour inconnu.";
        TableScroll: "Every release, a table that scrolls", "Toutes les publications, un tableau qui défile";
        Release: "Release", "Publication";
        Score: "Score", "Score";
        License: "License", "Licence";
        First: "The first {shown} of {of}. Sorting and filtering need a script, which this browser does not run.", "Les {shown} premières sur {of}. Trier et filtrer demandent un script, que ce navigateur n'exécute pas.";
        AllShown: "All {of}. Sorting and filtering need a script, which this browser does not run.", "Toutes : {of}. Trier et filtrer demandent un script, que ce navigateur n'exécute pas.";
        Capped: "Only the best {most} rows are in this page; the Parquet and JSON Lines files have all.", "Seules les {most} meilleures lignes sont dans cette page ; les fichiers Parquet et JSON Lines les ont toutes.";
        Filter: "Name, organisation or license", "Nom, organisation ou licence";
        AnyLevel: "every level", "tous les niveaux";
        Shown: "{from}–{to} of {n}", "{from}–{to} sur {n}";
        NoneShown: "No release fits.", "Aucune publication ne correspond.";
        Before: "Previous", "Précédentes";
        Next: "Next", "Suivantes";
        Pages: "Pages of the table", "Pages du tableau";
        Made: "How this was made", "Comment cette enquête a été faite";
        MadeTool: "Tool", "Outil";
        MadeProfile: "Profile", "Profil";
        MadeProfileDigest: "Digest of the profile", "Empreinte du profil";
        MadeList: "Digest of the list", "Empreinte de la liste";
        MadeSettings: "Settings", "Réglages";
        MadeStarted: "Begun", "Début";
        Alone: "This page loads nothing from elsewhere; its script only sorts and filters the table.", "Cette page ne charge rien d'ailleurs ; son script ne fait que trier et filtrer le tableau.";

        Heading: "{all} releases: {audited} audited, {failed} not", "{all} publications : {audited} auditées, {failed} non";
        HeadingOne: "{all} release: {audited} audited, {failed} not", "{all} publication : {audited} auditée, {failed} non";
    }
}
