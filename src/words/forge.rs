//! Words of the formats that forges and pages show: Markdown, annotations, badges.

super::words! {
    /// What the formats for forges say.
    Forge {
        Openness: "openness", "ouverture";
        Unknown: "unknown", "inconnue";
        Criterion: "Criterion", "Critère";
        Verdict: "Verdict", "Verdict";
        Score: "Score", "Note";
        Counts: "Rules, files", "Règles, fichiers";
        OtherFrameworks: "By other frameworks", "Selon d'autres référentiels";
        FilesAmiss: "Files that are not as published", "Fichiers qui ne sont pas tels que publiés";
        File: "File", "Fichier";
        State: "State", "État";
        PublishedBy: "Published in", "Publié dans";
        Found: "SHA-256 found", "SHA-256 trouvé";
        Remedy: "To do:", "À faire :";
        SeenIn: "seen in {place}", "vu dans {place}";
        Rest: "Not all of it fits here: what is left out stands in the report (`--format json`).", "Tout ne tient pas ici : ce qui manque figure dans le rapport (`--format json`).";
        AuditFailsTitle: "The audit fails", "L'audit échoue";
        CutTitle: "Not all is shown", "Tout n'est pas affiché";
        Cut: "not shown here: errors {errors}, warnings {warnings}, notices {notices}; a step shows ten of each, the report holds them all", "non affichés ici : erreurs {errors}, avertissements {warnings}, avis {notices} ; une étape en montre dix de chaque, le rapport les contient tous";
    }
}
