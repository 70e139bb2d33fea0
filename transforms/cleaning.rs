//! Functions that clean up, by their names.

/// Words in the name of a function that cleans up.
const WORDS: [&str; 12] = [
    "aclose",
    "aexit",
    "cleanup",
    "close",
    "closed",
    "disconnect",
    "shutdown",
    "stop",
    "teardown",
    "terminate",
    "uninstall",
    "unregister",
];

/// Words with which the name of one may begin. Behind others they may be what it is about: `get_release`.
const FIRST_WORDS: [&str; 9] = [
    "abort",
    "cancel",
    "destroy",
    "dispose",
    "kill",
    "logout",
    "release",
    "unload",
    "unsubscribe",
];

/// Whether a function of this name cleans up, as far as that tells.
pub(crate) fn cleans_up(name: &str) -> bool {
    let mut words = name.split('_').filter(|word| !word.is_empty());
    let first = words.clone().next();
    first.is_some_and(|word| FIRST_WORDS.contains(&word)) || words.any(|it| WORDS.contains(&it))
}
