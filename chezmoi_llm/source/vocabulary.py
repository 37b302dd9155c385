"""The words of chezmoi's templates: every function, and every field of ``.chezmoi``."""

from __future__ import annotations

from typing import Final

_FUNCTIONS: Final = """
abbrev abbrevboth abortEmpty add add1 add1f addf adler32sum ago all and any append atoi awsSecretsManager
awsSecretsManagerRaw azureKeyVault b32dec b32enc b64dec b64enc base bcrypt biggest bitwarden
bitwardenAttachment bitwardenAttachmentByRef bitwardenFields bitwardenSecrets buildCustomCert call camelcase
cat ceil chunk clean coalesce comment compact completion concat contains dashlaneNote dashlanePassword date
date_in_zone date_modify dateInZone dateModify debugf decrypt decryptAES deepCopy deepEqual default
deleteValueAtPath derivePassword dict dig dir div divf doppler dopplerProjectJson duration durationRound
ejsonDecrypt ejsonDecryptWithKey empty encrypt encryptAES ensureLinePrefix env eq eqFold exec exit expandenv
ext fail findExecutable findOneExecutable first float64 floor fromIni fromJson fromJsonc fromToml fromYaml
ge genCA genCAWithKey genPrivateKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert
genSignedCertWithKey get getHostByName getRedirectedURL gitHubKeys gitHubLatestRelease
gitHubLatestReleaseAssetURL gitHubLatestTag gitHubRelease gitHubReleaseAssetURL gitHubReleases gitHubTags
glob globCaseInsensitive gopass gopassCat gopassRaw gt has hasKey hasPrefix hasSuffix hcpVaultSecret
hcpVaultSecretJson hello hexDecode hexEncode html htmlDate htmlDateInZone htpasswd include includeTemplate
indent index initial initials int int64 ioreg isAbs isExecutable join joinPath jq js kebabcase keepassxc
keepassxcAttachment keepassxcAttribute keeper keeperDataFields keeperFindPassword keyring keys kindIs kindOf
last lastpass lastpassRaw le len list lookPath lower lstat lt max maxf merge mergeOverwrite min minf mod
mozillaInstallHash mul mulf must_date_modify mustAppend mustChunk mustCompact mustDateModify mustDeepCopy
mustFirst mustFromJson mustHas mustInitial mustLast mustMerge mustMergeOverwrite mustPrepend mustPush
mustRegexFind mustRegexFindAll mustRegexMatch mustRegexReplaceAll mustRegexReplaceAllLiteral mustRegexSplit
mustRest mustReverse mustSlice mustToDate mustToJson mustToPrettyJson mustToRawJson mustUniq mustWithout ne
nindent nospace not now omit onepassword onepasswordDetailsFields onepasswordDocument onepasswordItemFields
onepasswordRead or osBase osClean osDir osExt osIsAbs output outputList pass passFields passhole passRaw
pick pluck plural prepend print printf println promptBool promptBoolOnce promptChoice promptChoiceOnce
promptInt promptIntOnce promptMultichoice promptMultichoiceOnce promptString promptStringOnce protonPass
protonPassJSON pruneEmptyDicts push quote quoteList randAlpha randAlphaNum randAscii randBytes randInt
randNumeric rbw rbwFields regexFind regexFindAll regexMatch regexQuoteMeta regexReplaceAll
regexReplaceAllLiteral regexSplit repeat replace replaceAllRegex rest reverse round secret secretJSON semver
semverCompare seq set setValueAtPath sha1sum sha256sum sha512sum shellQuote shellQuoteList shuffle slice
snakecase sortAlpha split splitList splitn squote stat stdinIsATTY sub subf substr swapcase ternary title
toDate toDecimal toIni toJson toPrettyJson toRawJson toString toStrings toToml toYaml trim trimAll trimall
trimPrefix trimSuffix trunc tuple typeIs typeIsLike typeOf uniq unixEpoch unset until untilStep untitle
upper urlJoin urlParse urlquery uuidv4 values vault warnf without wrap wrapWith writeToStdout
"""

FUNCTIONS: Final = tuple(_FUNCTIONS.split())
"""Functions of Go's templates, of Sprig, and of chezmoi: of older releases, and of August 2026."""

KEYWORDS: Final = frozenset(
    (
        *("if", "else", "end", "range", "with", "block", "define", "template", "break", "continue"),
        *("nil", "true", "false"),
    )
)
"""Words of the language itself. Source: text/template/parse/lex.go, and the constants of parse.go."""

_FIELDS: Final = """
arch args cacheDir command commandDir config configFile destDir executable flags fqdnHostname gid group
homeDir hostname kernel os osRelease pathListSeparator pathSeparator rawHomeDir sourceDir sourceFile
targetFile uid username version windowsVersion workingTree
"""

FIELDS: Final = tuple(_FIELDS.split())
"""What ``.chezmoi`` holds. Source: getTemplateDataMap in internal/cmd/config.go; the two files by name."""
