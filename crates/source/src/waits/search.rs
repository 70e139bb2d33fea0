//! A search for what functions wait for, into those that they call.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use ruff_python_ast as ast;
use ruff_python_ast::visitor::source_order::SourceOrderVisitor;

use super::body::Body;
use super::look::{Look, MAX_DEPTH};
use super::{Called, Callees, Decorated, SharedWaits};
use crate::once::once;

/// What of a function is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// What it awaits.
    Awaited,
    /// What it gives back.
    GivenBack,
}

impl What {
    /// What whoever awaits a call of `function` waits for.
    pub(super) fn of_call(function: &ast::StmtFunctionDef) -> Self {
        if function.is_async {
            Self::Awaited
        } else {
            Self::GivenBack
        }
    }
}

/// A name of the code around a function, something that it stands for or that is in that is awaited.
#[derive(Clone, Copy)]
pub(super) struct Outer<'s> {
    pub(super) name: &'s str,
    /// Whether it is the name of a container.
    pub(super) is_container: bool,
}

/// A search for what functions wait for, in which each of them is looked at once for each that is asked of it.
pub(super) struct Search<'f, 's> {
    pub(super) callees: Callees<'f, 's>,
    bodies: RefCell<HashMap<FunctionKey, Rc<Body<'s>>>>,
    /// What was found with so many calls to follow.
    found: RefCell<HashMap<(What, CalledKey, usize), Found<'s>>>,
    /// What functions do with what their names stand for, with so many calls to follow.
    passed: RefCell<HashMap<(FunctionKey, usize), Rc<Passed<'s>>>>,
}

type FunctionKey = *const ast::StmtFunctionDef;

/// What [`Called`] has.
type CalledKey = (FunctionKey, bool, Decorated);

/// What a function waits for, with the names of the code around it apart.
pub(super) type Found<'s> = (SharedWaits, Vec<Outer<'s>>);

/// The names of a function with whose values it does something.
pub(super) struct Passed<'s> {
    /// Those that it gives to others.
    pub(super) away: HashSet<&'s str>,
    /// Those that it gives back, or whoever goes through it.
    pub(super) back: HashSet<&'s str>,
    /// Those that it waits for.
    pub(super) waited_for: HashSet<&'s str>,
}

impl<'f, 's> Search<'f, 's> {
    pub(super) fn new(callees: Callees<'f, 's>) -> Self {
        Self {
            callees,
            bodies: RefCell::default(),
            found: RefCell::default(),
            passed: RefCell::default(),
        }
    }

    /// What whoever awaits a call of the function that is `called` waits for.
    pub(super) fn of_call(&self, called: Called<'s>) -> SharedWaits {
        self.waits(What::of_call(called.function), called, MAX_DEPTH)
    }

    /// `what` there is of the function that is `called`, where so many calls may still be followed.
    pub(super) fn waits(&self, what: What, called: Called<'s>, links: usize) -> SharedWaits {
        let (mut found, outer) = self.waits_and_outer(what, called, links);
        found.others |= !outer.is_empty();
        found
    }

    /// The same, with the names of the code around that it awaits apart.
    pub(super) fn waits_and_outer(
        &self,
        what: What,
        called: Called<'s>,
        links: usize,
    ) -> Found<'s> {
        let function = std::ptr::from_ref(called.function);
        let key = (what, (function, called.is_bound, called.decorated), links);
        once(&self.found, key, || {
            Look::new(self, called, &self.body(called.function), links).found(what, called)
        })
    }

    /// What `function` does with its names.
    pub(super) fn body(&self, function: &'s ast::StmtFunctionDef) -> Rc<Body<'s>> {
        let mut bodies = self.bodies.borrow_mut();
        let new = || {
            let mut body = Body::default();
            body.visit_body(&function.body);
            Rc::new(body)
        };
        Rc::clone(bodies.entry(function).or_insert_with(new))
    }

    /// What the function that is `called` does with what its names stand for; calls are followed into so many others.
    pub(super) fn passed(&self, called: Called<'s>, links: usize) -> Rc<Passed<'s>> {
        let key = (std::ptr::from_ref(called.function), links);
        once(&self.passed, key, || {
            let body = self.body(called.function);
            Rc::new(Look::new(self, called, &body, links).passed(links))
        })
    }
}
