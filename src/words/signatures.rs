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

        BundleBroken: "it is no signed manifest: {why}", "ce n'est pas un manifeste signé : {why}";
        BundleVersion: "a bundle of the type `{type}` is not read here", "un paquet du type `{type}` n'est pas lu ici";
        BundleMaterial: "it does not tell one way to verify it: a key, a chain of certificates, or a keyless certificate", "il ne dit pas une façon de le vérifier : une clé, une chaîne de certificats ou un certificat sans clé";
        BundleContent: "it holds no envelope", "il ne contient pas d'enveloppe";
        PayloadType: "the payload is of the type `{type}`, not an in-toto statement", "le contenu est du type `{type}`, pas une déclaration in-toto";
        StatementType: "a statement of the type `{type}` is not read here", "une déclaration du type `{type}` n'est pas lue ici";
        OneSubject: "a statement has one subject, this one {n}", "une déclaration a un sujet, celle-ci {n}";
        NoSha256: "a subject has no SHA-256 digest", "un sujet n'a pas d'empreinte SHA-256";
        HashKind: "digests of the kind `{name}` are not compared here", "les empreintes de la sorte `{name}` ne sont pas comparées ici";
        Method: "files listed by the method `{name}` are not compared here", "des fichiers listés par la méthode `{name}` ne sont pas comparés ici";
        ShardSize: "files are cut into pieces of no size", "les fichiers sont coupés en morceaux sans taille";
        NameOutside: "it lists a path outside the model: {name}", "il liste un chemin hors du modèle : {name}";
        ResourceOdd: "an entry is not of the form asked: {name}", "une entrée n'a pas la forme voulue : {name}";
        ResourceTwice: "a file is listed twice, or its pieces leave holes: {name}", "un fichier est listé deux fois, ou ses morceaux laissent des trous : {name}";
        ManyResources: "it lists more than {n} files or pieces", "il liste plus de {n} fichiers ou morceaux";

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
        SignatureLong: "more than {n} bytes: no signature", "plus de {n} octets : pas une signature";
        SignatureUnread: "it could not be read", "elle n'a pas pu être lue";
        OtherSignature: "a signature of another kind: signed manifests of OpenSSF Model Signing are verified here", "une signature d'une autre sorte : ce sont les manifestes signés d'OpenSSF Model Signing qui sont vérifiés ici";
        OtherStatement: "it signs a statement of another kind, `{type}`, which is not verified here", "elle signe une déclaration d'une autre sorte, `{type}`, qui n'est pas vérifiée ici";
        NoKey: "not verified: no key is given (--public-key FILE)", "non vérifiée : aucune clé n'est donnée (--public-key FICHIER)";
        NotThisKey: "it was not made with the key given ({key}), or was altered since", "elle n'a pas été faite avec la clé donnée ({key}), ou a été altérée depuis";
        ByKey: "verified: {kind}, key {key}", "vérifiée : {kind}, clé {key}";
        NoCertificates: "not verified: no root certificate is given (--certificate-chain FILE)", "non vérifiée : aucun certificat racine n'est donné (--certificate-chain FICHIER)";
        NotThisCertificate: "it was not made with the key of its certificate, or was altered since", "elle n'a pas été faite avec la clé de son certificat, ou a été altérée depuis";
        ByCertificate: "verified: {kind}, certificate of {name}, which {issuer} issued", "vérifiée : {kind}, certificat de {name}, émis par {issuer}";
        NoTrustRoot: "not verified: no trust root is given (--trust-root FILE)", "non vérifiée : aucune racine de confiance n'est donnée (--trust-root FICHIER)";
        KeylessLeftOut: "not verified: this build leaves keyless signatures out", "non vérifiée : ce binaire est construit sans les signatures sans clé";
        ByKeyless: "verified: keyless, {name}, whom {provider} vouched for, and the log of the trust root has it", "vérifiée : sans clé, {name}, dont {provider} répond, et le journal de la racine de confiance l'a";

        // The signer.
        SignerUnproven: "no signature was verified that could tell", "aucune signature vérifiée ne le dit";
        SignerClaims: "it claims to be {name}, and nothing was verified that could tell", "elle se dit de {name}, et rien de vérifié ne le dit";
        KeyIsGiven: "the holder of the key given", "le détenteur de la clé donnée";
        AnotherSigner: "another key than {name}", "une autre clé que {name}";
        KeyHasNoName: "a bare key has no name to be held against {name}", "une clé seule n'a pas de nom à comparer à {name}";
        NobodyExpected: "nobody is named as expected (--identity); the signer is {name}", "personne n'est nommé comme attendu (--identity) ; le signataire est {name}";
        SignerIs: "it is {name}", "c'est {name}";
        SignerIsNot: "expected {name}, it is {found}", "attendu : {name} ; c'est {found}";
        ProviderIsNot: "expected the identity provider {name}, it is {found}", "fournisseur d'identité attendu : {name} ; c'est {found}";
        ProviderWanted: "it is {name}, and {found} vouched for it; whether that provider is the one expected is not known (--identity-provider)", "c'est {name}, et {found} en répond ; que ce fournisseur soit celui attendu n'est pas connu (--identity-provider)";

        // The files.
        NothingSealed: "there is no signature that could be verified", "il n'y a pas de signature qui puisse être vérifiée";
        NothingListed: "no list of files could be read", "aucune liste de fichiers n'a pu être lue";
        FilesHold: "every file is one that it lists, and none is missing or altered ({n})", "chaque fichier est de ceux qu'elle liste, et aucun ne manque ni n'est altéré ({n})";
        FilesHoldBut: "every file is one that it lists, and none is missing or altered ({n}); left out by it: {left}", "chaque fichier est de ceux qu'elle liste, et aucun ne manque ni n'est altéré ({n}) ; laissés de côté : {left}";
        FilesDiffer: "not what was signed ({n}): {list}", "pas ce qui a été signé ({n}) : {list}";
        FilesUnread: "not read, so not compared ({n}): {list}", "non lus, donc non comparés ({n}) : {list}";
        SubjectDiffers: "its digest of the whole is not what its own list gives", "son empreinte de l'ensemble n'est pas celle que donne sa propre liste";
        NoFiles: "it lists no file", "elle ne liste aucun fichier";

        KeylessRefused: "the keyless signature does not hold: {why}", "la signature sans clé ne tient pas : {why}";
    }
}
