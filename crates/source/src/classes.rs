//! The functions, classes and attributes of the file itself.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprRef};
use ruff_text_size::{Ranged, TextRange};

use crate::Source;
use crate::bindings::{Binding, BindingId, BindingKind};
use crate::resolve::MAX_LINKS;
use crate::words::is_one_in;

impl Source<'_> {
    /// The functions of this file that `callee` may stand for; `None` where it may stand for
    /// anything else.
    pub fn functions(&self, callee: &Expr) -> Option<Vec<&ast::StmtFunctionDef>> {
        match callee {
            Expr::Name(name) => {
                let seen = self.bindings().use_at(name.start())?;
                if seen.bindings.is_empty() {
                    return None;
                }
                seen.bindings
                    .iter()
                    .map(|id| match self.bindings().binding(*id).kind {
                        BindingKind::Function(range) => self.function_at(range),
                        _ => None,
                    })
                    .collect()
            }
            Expr::Attribute(attribute) => {
                let class = self.class_of(&attribute.value)?;
                self.methods(class, &attribute.attr, MAX_LINKS)
            }
            _ => None,
        }
    }

    /// Whether the body of `function` itself holds a `yield`.
    pub fn is_generator(&self, function: &ast::StmtFunctionDef) -> bool {
        !OwnBody::of(function).yields.is_empty()
    }

    /// The `return` statements of the body of `function` itself, in the order of the file.
    pub fn returns<'s>(&self, function: &'s ast::StmtFunctionDef) -> Vec<&'s ast::StmtReturn> {
        OwnBody::of(function).returns
    }

    /// The class of this file that `expr` is an instance of, or is itself.
    pub fn class_of(&self, expr: &Expr) -> Option<&ast::StmtClassDef> {
        match expr {
            Expr::Name(name) => {
                let id = self.only_binding(name)?;
                self.class_of_binding(id)
            }
            Expr::Call(call) => match &*call.func {
                Expr::Name(name) if name.id == "super" => None,
                callee @ Expr::Name(_) => self.class_named(callee),
                _ => None,
            },
            _ => None,
        }
    }

    fn class_of_binding(&self, id: BindingId) -> Option<&ast::StmtClassDef> {
        let binding = self.bindings().binding(id);
        match &binding.kind {
            BindingKind::Class(range) => self.class_at(*range),
            BindingKind::Assignment { value, .. } => self.class_made_at(*value),
            BindingKind::Parameter {
                annotation,
                variadic: false,
                ..
            } => {
                if let Some(class) = self.class_of_self(binding) {
                    return Some(class);
                }
                self.class_named(self.expr_at((*annotation)?)?)
            }
            BindingKind::With { context, is_async } => {
                let class = self.class_of_new(self.expr_at(*context)?)?;
                let enter = if *is_async { "__aenter__" } else { "__enter__" };
                let methods = self.methods(class, enter, MAX_LINKS)?;
                let gives_self =
                    |it: &&ast::StmtFunctionDef| it.is_async == *is_async && self.gives_self(it);
                methods.iter().all(gives_self).then_some(class)
            }
            _ => None,
        }
    }

    /// The class of this file that `expr` makes an instance of, or that a name was given one of.
    fn class_of_new(&self, expr: &Expr) -> Option<&ast::StmtClassDef> {
        let Expr::Name(name) = expr else {
            return self.class_of(expr);
        };
        let binding = self.bindings().binding(self.only_binding(name)?);
        match binding.kind {
            BindingKind::Assignment { value, .. } => self.class_made_at(value),
            _ => None,
        }
    }

    /// The class of this file that the value at `range` is a new instance of.
    fn class_made_at(&self, range: TextRange) -> Option<&ast::StmtClassDef> {
        match self.expression_at(range)? {
            ExprRef::Call(call) => self.class_named(&call.func),
            _ => None,
        }
    }

    /// Whether a method gives back its object, and nothing else.
    fn gives_self(&self, method: &ast::StmtFunctionDef) -> bool {
        let first = method.parameters.iter_non_variadic_params().next();
        let is_first = |value: &Expr| {
            let Expr::Name(name) = value else {
                return false;
            };
            let id = self.only_binding(name);
            let target = id.map(|id| self.bindings().binding(id).target);
            target.is_some() && target == first.map(|it| it.parameter.name.range())
        };
        let body = OwnBody::of(method);
        let gives = |it: &&ast::StmtReturn| it.value.as_deref().is_some_and(is_first);
        method.decorator_list.is_empty()
            && body.yields.is_empty()
            && body.returns.iter().all(gives)
            && method.body.last().is_some_and(ast::Stmt::is_return_stmt)
    }

    /// The class of this file that `callee` names.
    pub(crate) fn class_named(&self, callee: &Expr) -> Option<&ast::StmtClassDef> {
        let Expr::Name(name) = callee else {
            return None;
        };
        let id = self.only_binding(name)?;
        match self.bindings().binding(id).kind {
            BindingKind::Class(range) => self.class_at(range),
            _ => None,
        }
    }

    /// The class whose method has `parameter` as its `self` or `cls`.
    pub(crate) fn class_of_self(&self, parameter: &Binding) -> Option<&ast::StmtClassDef> {
        let path = self.path_to(parameter.target);
        let function = path.around().find_map(|node| match node {
            AnyNodeRef::StmtFunctionDef(function) => Some(function),
            _ => None,
        })?;
        let first = function.parameters.iter_non_variadic_params().next()?;
        if first.parameter.name.range() != parameter.target || is_static(function) {
            return None;
        }
        let outer = path.up_to(|node| node.range() == function.range())?;
        match outer.parent()? {
            AnyNodeRef::StmtClassDef(class) => Some(class),
            _ => None,
        }
    }

    /// The methods of the name of `method`, one of this file, by which classes of this file that derive from
    /// its class override it.
    pub fn overrides<'s>(
        &'s self,
        method: &'s ast::StmtFunctionDef,
    ) -> impl Iterator<Item = &'s ast::StmtFunctionDef> {
        let own = self.class_around(method);
        own.into_iter()
            .flat_map(|own| self.methods_below(own, &method.name))
    }

    /// The methods by which classes of this file define what `callee` names, a method of an object of one from which they
    /// derive.
    pub fn methods_of_subclasses<'s>(
        &'s self,
        callee: &'s Expr,
    ) -> impl Iterator<Item = &'s ast::StmtFunctionDef> {
        let method = callee.as_attribute_expr().into_iter();
        method.flat_map(|method| {
            let class = self.class_of(&method.value).into_iter();
            class.flat_map(|class| self.methods_below(class, &method.attr))
        })
    }

    /// The methods called `name` of classes of this file that derive from `base`.
    fn methods_below<'s>(
        &'s self,
        base: &'s ast::StmtClassDef,
        name: &str,
    ) -> impl Iterator<Item = &'s ast::StmtFunctionDef> + use<'s> {
        // Most are calls.
        let defined = self.words(name).filter(|word| self.is_defined_at(*word));
        defined.filter_map(move |word| {
            let is_function = |node: AnyNodeRef<'_>| node.is_stmt_function_def();
            let method = match self.path_to(word).with(is_function)?.node() {
                AnyNodeRef::StmtFunctionDef(method) if method.name.range() == word => method,
                _ => return None,
            };
            let class = self.class_around(method)?;
            let is_below = base.range() != class.range() && self.derives(class, base, MAX_LINKS);
            is_below.then_some(method)
        })
    }

    /// Whether the word at `word` is the name of a function that is defined there, by what stands before it.
    pub(crate) fn is_defined_at(&self, word: TextRange) -> bool {
        let before = &self.text()[..word.start().to_usize()];
        before.trim_ascii_end().ends_with("def")
    }

    /// Whether `expr` is the name of a class of this file.
    pub(crate) fn names_a_class(&self, expr: &Expr) -> bool {
        let binding = (expr.as_name_expr())
            .and_then(|name| self.only_binding(name))
            .map(|id| self.bindings().binding(id));
        binding.is_some_and(|it| matches!(it.kind, BindingKind::Class(_)))
    }

    /// Whether `callee` is a method of an object that may be of a class which derives from the one that is known
    /// of it: not of one that is made there, or of a class itself.
    pub(crate) fn may_be_of_subclass(&self, callee: &Expr) -> bool {
        let Expr::Attribute(method) = callee else {
            return false;
        };
        let is_made = || {
            let values = self.values_of(&method.value);
            values.is_some_and(|all| all.iter().all(|it| it.is_call_expr()))
        };
        let object = &*method.value;
        !object.is_call_expr() && !self.names_a_class(object) && !is_made()
    }

    /// The methods of this file that `callee`, one of an attribute of an object of this file, likely stands for: by
    /// what the class of that object gives the attribute, whatever else its bases or other code may do.
    pub(crate) fn likely_methods(&self, callee: &Expr) -> Option<Vec<&ast::StmtFunctionDef>> {
        let method = callee.as_attribute_expr()?;
        let class = self.class_held(method.value.as_attribute_expr()?, MAX_LINKS)?;
        self.methods(class, &method.attr, MAX_LINKS)
    }

    /// The class of this file of which the attribute `held` likely holds an instance, in the same way.
    pub(crate) fn class_held(
        &self,
        held: &ast::ExprAttribute,
        links: usize,
    ) -> Option<&ast::StmtClassDef> {
        let links = links.checked_sub(1)?;
        let holder = match &*held.value {
            Expr::Attribute(outer) => self.class_held(outer, links)?,
            object => self.class_of(object)?,
        };
        let declared = holder.body.iter().filter_map(|it| {
            let declared = it.as_ann_assign_stmt()?;
            let is_it = declared.target.as_name_expr()?.id == held.attr.id;
            is_it.then(|| self.class_named(&declared.annotation))
        });
        let values = self.attribute_values(holder, &held.attr)?;
        let given = values
            .iter()
            .filter(|it| !it.value.is_some_and(Expr::is_none_literal_expr))
            .map(|it| match (it.annotation, it.value) {
                (Some(annotation), _) => self.class_named(annotation),
                (None, Some(value)) => self.class_of(value),
                (None, None) => None,
            });
        let mut classes = declared.chain(given);
        let class = classes.next()??;
        let is_only = classes.all(|it| it.is_some_and(|it| it.range() == class.range()));
        is_only.then_some(class)
    }

    /// The class that `function` is a method of.
    fn class_around(&self, function: &ast::StmtFunctionDef) -> Option<&ast::StmtClassDef> {
        match self.path_to(function.range()).parent()? {
            AnyNodeRef::StmtClassDef(class) => Some(class),
            _ => None,
        }
    }

    /// Whether `class` has `base` among its bases, as far as this file shows.
    fn derives(&self, class: &ast::StmtClassDef, base: &ast::StmtClassDef, links: usize) -> bool {
        let Some(links) = links.checked_sub(1) else {
            return false;
        };
        class.bases().iter().any(|it| {
            self.class_named(it)
                .is_some_and(|it| it.range() == base.range() || self.derives(it, base, links))
        })
    }

    /// The values that the methods of `class` assign to the attribute `name` of `self`; `None`
    /// where one of them is not a plain assignment.
    pub(crate) fn attribute_values<'s>(
        &self,
        class: &'s ast::StmtClassDef,
        name: &str,
    ) -> Option<Vec<AttributeValue<'s>>> {
        // A name may stand otherwise in the text.
        let is_plain = !is_one_in(self.names_beyond_ascii(), class.range());
        let mut values = AttributeValues {
            name,
            places: is_plain.then(|| self.may_be_assigned(name, class.range())),
            receiver: None,
            found: Vec::new(),
            unclear: false,
        };
        for statement in &class.body {
            if let ast::Stmt::FunctionDef(function) = statement {
                values.receiver = function
                    .parameters
                    .iter_non_variadic_params()
                    .next()
                    .map(|first| first.parameter.name.as_str());
            }
            values.visit_stmt(statement);
            values.receiver = None;
        }
        (!values.unclear).then_some(values.found)
    }

    /// Where an attribute `name` may be assigned to in `range`, by what follows its name: most are called.
    fn may_be_assigned(&self, name: &str, range: TextRange) -> Vec<TextRange> {
        self.words_within(name, range)
            .filter(|word| {
                let after = &self.text()[word.end().to_usize()..];
                !after.trim_ascii_start().starts_with('(')
            })
            .collect()
    }

    /// The definitions of the method `name` that `class` has, by itself or by its bases of this file; `None` where that
    /// does not show.
    pub fn methods_of<'s>(
        &'s self,
        class: &'s ast::StmtClassDef,
        name: &str,
    ) -> Option<Vec<&'s ast::StmtFunctionDef>> {
        self.methods(class, name, MAX_LINKS)
    }

    /// The definitions of the method `name` of `class`, its bases of this file included; `None`
    /// where another base may define it, or an instance may have an attribute of that name.
    fn methods<'s>(
        &'s self,
        class: &'s ast::StmtClassDef,
        name: &str,
        links: usize,
    ) -> Option<Vec<&'s ast::StmtFunctionDef>> {
        // An instance may have an attribute of that name.
        if (self.attribute_values(class, name)).is_none_or(|values| !values.is_empty()) {
            return None;
        }
        let mut found = Vec::new();
        for statement in &class.body {
            match statement {
                ast::Stmt::FunctionDef(function) if function.name.as_str() == name => {
                    found.push(function);
                }
                ast::Stmt::FunctionDef(_) => {}
                _ if binds_name(statement, name) => return None,
                _ => {}
            }
        }
        if !found.is_empty() {
            return Some(found);
        }
        let links = links.checked_sub(1)?;
        let mut bases = class.bases().iter();
        let base = self.class_named(bases.next()?)?;
        self.methods(base, name, links)
    }
}

/// What is assigned to an attribute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AttributeValue<'s> {
    /// The value; none in a bare declaration.
    pub(crate) value: Option<&'s Expr>,
    /// The annotation, if it has one.
    pub(crate) annotation: Option<&'s Expr>,
}

struct AttributeValues<'n, 's> {
    name: &'n str,
    /// Where the text may assign to it; none where that is not known.
    places: Option<Vec<TextRange>>,
    receiver: Option<&'s str>,
    found: Vec<AttributeValue<'s>>,
    unclear: bool,
}

impl AttributeValues<'_, '_> {
    /// Whether what stands in `range` may assign to it.
    fn may_be_in(&self, range: TextRange) -> bool {
        let places = self.places.as_ref();
        places.is_none_or(|places| is_one_in(places, range))
    }

    fn is_target(&self, target: &Expr) -> bool {
        matches!(target, Expr::Attribute(attribute)
            if attribute.attr.as_str() == self.name
                && matches!(&*attribute.value, Expr::Name(name)
                    if Some(name.id.as_str()) == self.receiver))
    }
}

impl<'s> SourceOrderVisitor<'s> for AttributeValues<'_, 's> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        if !self.may_be_in(node.range()) {
            return TraversalSignal::Skip;
        }
        match node {
            AnyNodeRef::StmtAssign(assign) => {
                for target in &assign.targets {
                    if self.is_target(target) {
                        self.found.push(AttributeValue {
                            value: Some(&assign.value),
                            annotation: None,
                        });
                    }
                }
            }
            AnyNodeRef::StmtAnnAssign(assign) if self.is_target(&assign.target) => {
                self.found.push(AttributeValue {
                    value: assign.value.as_deref(),
                    annotation: Some(&assign.annotation),
                });
            }
            AnyNodeRef::StmtAugAssign(assign) => self.unclear |= self.is_target(&assign.target),
            AnyNodeRef::StmtFor(each) => self.unclear |= self.is_target(&each.target),
            AnyNodeRef::Comprehension(each) => self.unclear |= self.is_target(&each.target),
            AnyNodeRef::StmtWith(with) => {
                let mut targets = (with.items.iter()).filter_map(|it| it.optional_vars.as_deref());
                self.unclear |= targets.any(|target| self.is_target(target));
            }
            AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprList(_) => {
                let elements = match node {
                    AnyNodeRef::ExprTuple(tuple) => &tuple.elts,
                    AnyNodeRef::ExprList(list) => &list.elts,
                    _ => return TraversalSignal::Traverse,
                };
                self.unclear |= elements.iter().any(|element| {
                    self.is_target(element)
                        && matches!(element, Expr::Attribute(attribute)
                            if matches!(attribute.ctx, ast::ExprContext::Store))
                });
            }
            _ => {}
        }
        TraversalSignal::Traverse
    }
}

pub(crate) fn is_static(function: &ast::StmtFunctionDef) -> bool {
    function.decorator_list.iter().any(
        |decorator| matches!(&decorator.expression, Expr::Name(name) if name.id == "staticmethod"),
    )
}

/// Whether a statement of a class body gives `name` a value other than by `def`.
fn binds_name(statement: &ast::Stmt, name: &str) -> bool {
    let is_it = |target: &Expr| matches!(target, Expr::Name(target) if target.id == name);
    match statement {
        ast::Stmt::Assign(assign) => assign.targets.iter().any(is_it),
        ast::Stmt::AnnAssign(assign) => assign.value.is_some() && is_it(&assign.target),
        ast::Stmt::If(_) | ast::Stmt::Try(_) | ast::Stmt::With(_) | ast::Stmt::For(_) => {
            let mut finder = BindsInside { name, found: false };
            finder.visit_stmt(statement);
            finder.found
        }
        _ => false,
    }
}

struct BindsInside<'n> {
    name: &'n str,
    found: bool,
}

impl<'s> SourceOrderVisitor<'s> for BindsInside<'_> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::StmtFunctionDef(function) => {
                self.found |= function.name.as_str() == self.name;
                TraversalSignal::Skip
            }
            AnyNodeRef::ExprName(name) if matches!(name.ctx, ast::ExprContext::Store) => {
                self.found |= name.id.as_str() == self.name;
                TraversalSignal::Skip
            }
            _ => TraversalSignal::Traverse,
        }
    }
}

/// What belongs to a function, without the functions and classes defined inside.
#[derive(Debug, Default)]
pub struct OwnBody<'s> {
    /// Each `yield` and `yield from`, in the order of the file.
    pub yields: Vec<ExprRef<'s>>,
    /// The `return` statements, in the order of the file.
    pub returns: Vec<&'s ast::StmtReturn>,
}

impl<'s> OwnBody<'s> {
    /// That of `function`.
    pub fn of(function: &'s ast::StmtFunctionDef) -> Self {
        let mut body = Self::default();
        for statement in &function.body {
            body.visit_stmt(statement);
        }
        body
    }
}

impl<'s> SourceOrderVisitor<'s> for OwnBody<'s> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::ExprYield(given) => self.yields.push(given.into()),
            AnyNodeRef::ExprYieldFrom(given) => self.yields.push(given.into()),
            AnyNodeRef::StmtReturn(statement) => self.returns.push(statement),
            AnyNodeRef::StmtFunctionDef(_)
            | AnyNodeRef::StmtClassDef(_)
            | AnyNodeRef::ExprLambda(_) => return TraversalSignal::Skip,
            _ => {}
        }
        TraversalSignal::Traverse
    }
}
