//! What takes a while to find out and may be asked again is found out once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};

use ruff_text_size::TextRange;

use crate::bindings::BindingId;

/// What was found out of expressions, by where they are and how far names were followed to them.
pub(crate) type Met<T> = RefCell<HashMap<(TextRange, usize), T>>;

/// What `known` has for `key`, else what `find` gives, which is kept there.
pub fn once<K: Eq + Hash, V: Clone, S: BuildHasher>(
    known: &RefCell<HashMap<K, V, S>>,
    key: K,
    find: impl FnOnce() -> V,
) -> V {
    let found = known.borrow().get(&key).cloned();
    found.unwrap_or_else(|| {
        let found = find();
        known.borrow_mut().insert(key, found.clone());
        found
    })
}

/// As [`once`], of a name with these `bindings`. What has one alone is found soon; names of several may be met on very
/// many ways.
pub(crate) fn once_of_several<V: Clone>(
    known: &Met<V>,
    bindings: &[BindingId],
    key: (TextRange, usize),
    find: impl FnOnce() -> V,
) -> V {
    if bindings.len() > 1 {
        once(known, key, find)
    } else {
        find()
    }
}
