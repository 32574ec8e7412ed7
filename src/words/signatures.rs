//! What is said of signatures: why one does not hold, cannot be judged, or is not the one expected.

super::words! {
    /// Sentences about keys, certificates, envelopes and signed manifests.
    Signatures {
        // Keys and certificates in files.
        PemLong: "more than {n} bytes: no file of keys or certificates", "plus de {n} octets : pas un fichier de clés ou de certificats";
        PemMalformed: "the PEM text is malformed", "le texte PEM est mal formé";
        NoPublicKey: "there is no public key in it (`-----BEGIN PUBLIC KEY-----`)", "il ne contient pas de clé publique (`-----BEGIN PUBLIC KEY-----`)";
        PrivateGiven: "this is a private key; `openssl pkey -in FILE -pubout` gives the public one", "c'est une clé privée ; `openssl pkey -in FICHIER -pubout` donne la clé publique";
        CertificateGiven: "this is a certificate, not a bare public key; a chain is given with --certificate-chain", "c'est un certificat, pas une clé publique seule ; une chaîne se donne par --certificate-chain";
        KeyMalformed: "the key is malformed", "la clé est mal formée";
        KeyKind: "a key of this kind is not verified here: Ed25519 and ECDSA on P-256, P-384 and P-521 are", "une clé de cette sorte n'est pas vérifiée ici : Ed25519 et ECDSA sur P-256, P-384 et P-521 le sont";
        KeyEncrypted: "the private key is encrypted; `openssl pkey -in FILE -out PLAIN` takes the password off", "la clé privée est chiffrée ; `openssl pkey -in FICHIER -out CLAIR` enlève le mot de passe";
        SigningKind: "signing takes an Ed25519 or ECDSA P-256 key in PKCS#8 or SEC1", "pour signer il faut une clé Ed25519 ou ECDSA P-256, en PKCS#8 ou SEC1";
        NoPrivateKey: "there is no private key in it", "il ne contient pas de clé privée";
        NoRandom: "the system has no random bytes to give", "le système n'a pas d'octets aléatoires à donner";
        NoCertificate: "there is no certificate in it (`-----BEGIN CERTIFICATE-----`)", "il ne contient pas de certificat (`-----BEGIN CERTIFICATE-----`)";
        CertificateMalformed: "a certificate is malformed", "un certificat est mal formé";
        TrustRootBroken: "it is no trust root of Sigstore: {why}", "ce n'est pas une racine de confiance Sigstore : {why}";

        // Envelopes and bundles.
        NotAnEnvelope: "it is no DSSE envelope: {why}", "ce n'est pas une enveloppe DSSE : {why}";
        SealCount: "an envelope has from 1 to 16 signatures, this one {n}", "une enveloppe a de 1 à 16 signatures, celle-ci {n}";
        NotBase64: "`{what}` is not base64", "`{what}` n'est pas en base64";

        // Chains.
        NoRoot: "no root is among the certificates given", "aucune racine n'est parmi les certificats donnés";
        ChainLong: "more than {n} certificates in the chain", "plus de {n} certificats dans la chaîne";
        NoChain: "the certificate does not lead up to a root given", "le certificat ne remonte à aucune racine donnée";
        ChainTime: "a certificate of the chain was not valid when the signing certificate began to be", "un certificat de la chaîne n'était pas valide quand le certificat du signataire a commencé à l'être";
        AuthoritySigns: "the certificate is that of an authority, which issues others and signs nothing else", "le certificat est celui d'une autorité, qui en émet d'autres et ne signe rien d'autre";
        ChainBroken: "the chain of certificates does not hold: {why}", "la chaîne de certificats ne tient pas : {why}";
        MayNotSign: "the certificate may not sign: neither digital signatures nor code signing is among its usages", "le certificat n'autorise pas à signer : ni la signature numérique ni la signature de code n'est parmi ses usages";

        // The signature.
        NotByKey: "no signature of it is by this key", "aucune de ses signatures n'est de cette clé";
        KeylessRefused: "the keyless signature does not hold: {why}", "la signature sans clé ne tient pas : {why}";
    }
}
