//! Words of a comparison of two reports.

super::words! {
    /// What a comparison says.
    Compare {
        Heading: "{old} → {new}  (profile {profile})", "{old} → {new}  (profil {profile})";
        HeadingProfiles: "{old} → {new}  (profile {then}, then {profile})", "{old} → {new}  (profil {then}, puis {profile})";
        Score: "{was} → {now} of 100", "{was} → {now} sur 100";
        LessOpen: "Less open ({n})", "Moins ouvert ({n})";
        MoreOpen: "More open ({n})", "Plus ouvert ({n})";
        Untold: "Can no longer be told ({n})", "On ne peut plus le dire ({n})";
        Regressed: "The comparison fails: something got worse.", "La comparaison échoue : quelque chose a empiré.";
        Audits: "Audits of {old} and {new}.", "Audits du {old} et du {new}.";
        Rest: "Not all of it fits here: `ouvert diff --format json` holds it all.", "Tout ne tient pas ici : `ouvert diff --format json` le contient.";
        Before: "before: {says}", "avant : {says}";
        NewPlaces: "seen now:", "vu maintenant :";
        Waived: "waived: {reason}", "dérogation : {reason}";
        Nothing: "Nothing that was asked changed. Same findings as before: {n}.", "Rien de ce qui est demandé n'a changé. Constats inchangés : {n}.";
        Same: "Same findings as before: {n}.", "Constats inchangés : {n}.";
        NewRules: "asked only now: {list}", "demandé seulement maintenant : {list}";
        DroppedRules: "asked only then: {list}", "demandé seulement alors : {list}";
        NotCompared: "The two were not asked the same rules, so their levels are not compared.", "Les deux rapports ne répondent pas aux mêmes règles : leurs niveaux ne sont pas comparés.";
        Others: "Other profiles", "Autres profils";
        FilesChanged: "Files that changed ({n})", "Fichiers modifiés ({n})";
        DatasetsChanged: "Training datasets that changed ({n})", "Jeux d'entraînement modifiés ({n})";
        BasesChanged: "Base models", "Modèles de base";
        Came: "new", "nouveau";
        Went: "gone", "retiré";
        OtherBytes: "other bytes", "autres octets";
        NoLine: "no change: {level}, {score} of 100", "aucun changement : {level}, {score} sur 100";
        Line: "{worse} less open, {better} more open, {unclear} untold; level {was} → {now}", "moins ouvert : {worse}, plus ouvert : {better}, indécidable : {unclear} ; niveau {was} → {now}";
    }
}
