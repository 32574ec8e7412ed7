//! Words of the gate: why a run fails, what became of waivers, what changed since another report.

super::words! {
    /// What the gate and a comparison say.
    Gate {
        OtherBytes: "{path}: the bytes are not those published", "{path} : les octets ne sont pas ceux publiés";
        Corrupted: "{path}: the bytes changed though the modification time did not", "{path} : les octets ont changé, pas la date de modification";
        Absent: "{path}: listed, but missing", "{path} : listé, mais absent";
        LevelShort: "the level is {level}, {wanted} is required", "le niveau est {level}, {wanted} est exigé";
        LevelShortWaived: "the level is {level}, {wanted} is required; with waivers it would be {waived}", "le niveau est {level}, {wanted} est exigé ; avec les dérogations ce serait {waived}";
        ScoreShort: "the score is {score}, at least {least} is required", "la note est de {score}, il faut au moins {least}";
        RuleShort: "`{rule}` is {outcome}, and must be met: {says}", "`{rule}` est {outcome}, et doit être acquise : {says}";
        GotWorse: "`{rule}` got worse since the baseline, {was} then, {now} now: {says}", "`{rule}` a empiré depuis la référence, {was} alors, {now} maintenant : {says}";
        LevelFell: "the level fell since the baseline, {was} then, {now} now", "le niveau a baissé depuis la référence, {was} alors, {now} maintenant";
        OtherFell: "the level by {profile} fell since the baseline, {was} then, {now} now", "le niveau selon {profile} a baissé depuis la référence, {was} alors, {now} maintenant";

        Waivers: "Waivers", "Dérogations";
        Silenced: "{rule}{path}, silenced until {until}: {reason} ({by})", "{rule}{path}, tue jusqu'au {until} : {reason} ({by})";
        Idle: "{rule}{path}, until {until}: {says} ({by}: {reason})", "{rule}{path}, jusqu'au {until} : {says} ({by} : {reason})";
        WaivedBy: "{reason} (waived by {by} until {until})", "{reason} (dérogation de {by} jusqu'au {until})";
        WaiverUsed: "silences the gate; the finding stays what it is", "fait taire l'exigence ; le constat reste ce qu'il est";
        WaiverNotNeeded: "nothing needs it: the rule is met or does not apply", "rien ne l'exige : la règle est acquise ou sans objet";
        WaiverNoRule: "no profile of this audit has such a rule", "aucun profil de cet audit n'a cette règle";
        WaiverNoPath: "nothing of the finding lies at that path", "rien du constat ne se trouve à ce chemin";
        WaiverPartly: "it covers a part of what the finding shows, which still stands", "elle ne couvre qu'une part de ce que montre le constat, qui tient donc";
        WaiverExpired: "its last day has passed, so it silences nothing", "son dernier jour est passé : elle ne fait rien taire";
        WaiverElsewhere: "it is for another release", "elle est pour une autre publication";
    }
}
