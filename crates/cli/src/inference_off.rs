//! What stands in for type inference in a build without it: nobody is asked, nothing is known.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use asyncmend_analysis::Asked;
use asyncmend_pipeline::{FunctionId, Kinds, TextRange, Types as Answers};

use crate::roots::Roots;
use crate::walk::Input;

const WITHOUT: &str = "this asyncmend was built without type inference";

pub(crate) fn serve() -> Result<()> {
    bail!(WITHOUT)
}

pub(crate) fn site_packages(_: &Path) -> Result<Arc<[String]>> {
    bail!(WITHOUT)
}

pub(crate) struct Types<'r>(PhantomData<&'r Roots>);

impl<'r> Types<'r> {
    pub(crate) fn new(_: &'r Roots, _: &'r [Input]) -> Self {
        Self(PhantomData)
    }

    #[expect(clippy::unused_self, reason = "others do keep it")]
    pub(crate) fn keep(&self, _: &Input, _: &[u8]) {}

    /// Nobody answers anyway.
    #[expect(clippy::unused_self, reason = "others do stop it")]
    pub(crate) fn stops_at_last(&self) -> Stop<'_> {
        Stop(PhantomData)
    }

    #[expect(clippy::unused_self, reason = "others do ask it")]
    pub(crate) fn of_file(&self, _: &Input, _: &str) -> Option<FileTypes<'_>> {
        None
    }
}

/// What ends them in other builds.
pub(crate) struct Stop<'t>(PhantomData<&'t ()>);

/// Whoever answers in other builds.
pub(crate) struct FileTypes<'t>(Infallible, PhantomData<&'t ()>);

impl FileTypes<'_> {
    pub(crate) fn asked(&self) -> Asked {
        match self.0 {}
    }
}

impl Answers for FileTypes<'_> {
    fn kinds(&self, _: TextRange) -> Kinds {
        match self.0 {}
    }

    fn kinds_of_each(&self, _: TextRange) -> Kinds {
        match self.0 {}
    }

    fn function(&self, _: TextRange) -> Option<FunctionId> {
        match self.0 {}
    }

    fn sole_functions(&self, _: TextRange) -> Vec<FunctionId> {
        match self.0 {}
    }

    fn is_coroutine_function(&self, _: TextRange) -> bool {
        match self.0 {}
    }
}
