//! What the attributes of an object hold by what its class gives them, where ty leaves that open: a base of the class
//! that is not found might define them as well.

use std::iter;

use ruff_db::parsed::{ParsedModuleRef, parsed_module};
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprRef};
use ruff_text_size::TextRange;
use ty_python_core::definition::Definition;
use ty_python_semantic::types::Type;
use ty_python_semantic::types::ide_support::type_hierarchy_prepare;
use ty_python_semantic::{HasType, SemanticModel};

use super::engine::Engine;
use super::kinds::definition_named;
use super::proof::{function_of_type, is_unknown, receiver};

/// How many attributes and bases are followed, one behind the other.
const MAX_STEPS: usize = 4;

/// The method that `callee`, one of what an attribute holds, likely stands for.
pub(super) fn method<'db>(model: &SemanticModel<'db>, callee: &Expr) -> Option<Definition<'db>> {
    method_of_held(model, callee, By::Values)
}

/// The same, where nothing else is known of the attribute and its class, or the first base that mentions it, says what
/// it holds.
pub(super) fn declared_method<'db>(
    model: &SemanticModel<'db>,
    callee: &Expr,
) -> Option<Definition<'db>> {
    let attribute = callee.as_attribute_expr()?;
    let is_open = is_unknown(model, &attribute.value);
    is_open.then(|| method_of_held(model, callee, By::Annotations))?
}

fn method_of_held<'db>(
    model: &SemanticModel<'db>,
    callee: &Expr,
    by: By,
) -> Option<Definition<'db>> {
    let method = callee.as_attribute_expr()?;
    let object = attribute_within(model, &method.value, by, MAX_STEPS)?;
    method_of(model, object, &method.attr, MAX_STEPS)
}

/// The type of what `expr`, an attribute, likely holds.
pub(super) fn attribute<'db>(model: &SemanticModel<'db>, expr: &Expr) -> Option<Type<'db>> {
    attribute_within(model, expr, By::Values, MAX_STEPS)
}

/// Whether an attribute that `held` names, or one of which it is, may hold something else than its class says: another
/// class of which the object may be gives it something too.
pub(super) fn may_hold_another(
    engine: &Engine,
    model: &SemanticModel<'_>,
    held: &ast::ExprAttribute,
) -> bool {
    let is_given_by_another = |held: &ast::ExprAttribute| {
        let owner = receiver(model, &held.value)
            .or_else(|| attribute_within(model, &held.value, By::Annotations, MAX_STEPS))?;
        let class = Class::of(model, owner)?;
        let giver = name_of_giver(model, owner, &held.attr, MAX_STEPS)?;
        Some((engine.names()).may_have_another(&giver, &class.node()?.name, &held.attr))
    };
    let mut all = iter::successors(Some(held), |held| held.value.as_attribute_expr());
    all.any(|held| is_given_by_another(held) == Some(true))
}

/// The name of the class `ty`, or of the first of its bases that mentions it, that gives the attribute `name` something.
fn name_of_giver<'db>(
    model: &SemanticModel<'db>,
    ty: Type<'db>,
    name: &str,
    steps: usize,
) -> Option<String> {
    let steps = steps.checked_sub(1)?;
    let class = Class::of(model, ty)?;
    let node = class.node()?;
    if Values::of(node, name).all > 0 {
        return Some(node.name.to_string());
    }
    node.bases().iter().find_map(|base| {
        let base = base.inferred_type(&class.home)?;
        name_of_giver(&class.home, base, name, steps)
    })
}

/// What tells of which class an attribute's object is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// What the class gives it, or declares it to be.
    Values,
    /// What the class declares it to be, once at least.
    Annotations,
}

fn attribute_within<'db>(
    model: &SemanticModel<'db>,
    expr: &Expr,
    by: By,
    steps: usize,
) -> Option<Type<'db>> {
    let steps = steps.checked_sub(1)?;
    let held = expr.as_attribute_expr()?;
    let owner =
        receiver(model, &held.value).or_else(|| attribute_within(model, &held.value, by, steps))?;
    given_by_class(model, owner, &held.attr, by, MAX_STEPS)
}

/// The type of what the class `ty`, or the first of its bases that mentions it, gives the attribute `name`.
fn given_by_class<'db>(
    model: &SemanticModel<'db>,
    ty: Type<'db>,
    name: &str,
    by: By,
    steps: usize,
) -> Option<Type<'db>> {
    let steps = steps.checked_sub(1)?;
    let class = Class::of(model, ty)?;
    let node = class.node()?;
    let values = Values::of(node, name);
    if values.all == 0 {
        let of_base = |base: &Expr| {
            let base = base.inferred_type(&class.home)?;
            given_by_class(&class.home, base, name, by, steps)
        };
        let mut bases = node.bases().iter();
        return match by {
            By::Values => bases.find_map(of_base),
            // Whatever comes first may have it.
            By::Annotations => of_base(bases.next()?),
        };
    }
    // A loop, a `with` or an unpacking gives it what does not show.
    if values.plain != values.all || by == By::Annotations && values.declared == 0 {
        return None;
    }
    let mut types = (values.found.iter())
        .filter(|it| !it.is_none_literal_expr())
        .map(|it| it.inferred_type(&class.home));
    let first = types.next()??;
    let is_only = types.all(|it| it == Some(first));
    (is_only && matches!(first, Type::NominalInstance(_))).then_some(first)
}

fn method_of<'db>(
    model: &SemanticModel<'db>,
    ty: Type<'db>,
    name: &str,
    steps: usize,
) -> Option<Definition<'db>> {
    let steps = steps.checked_sub(1)?;
    let class = Class::of(model, ty)?;
    let node = class.node()?;
    let own = (node.body.iter().filter_map(|it| it.as_function_def_stmt()))
        .rfind(|it| it.name.as_str() == name);
    match own {
        Some(own) => function_of_type(&class.home, own.inferred_type(&class.home)?),
        None => node.bases().iter().find_map(|base| {
            let base = base.inferred_type(&class.home)?;
            method_of(&class.home, base, name, steps)
        }),
    }
}

/// A class, and the file that defines it.
struct Class<'db> {
    home: SemanticModel<'db>,
    module: ParsedModuleRef,
    name: TextRange,
}

impl<'db> Class<'db> {
    /// That of which `ty` is an instance, or that it is itself.
    fn of(model: &SemanticModel<'db>, ty: Type<'db>) -> Option<Self> {
        let db = model.db();
        let class = type_hierarchy_prepare(db, &model.program_environment(), ty)?;
        let file = db.program_file(class.file.file(db));
        Some(Self {
            home: SemanticModel::new(db, file),
            module: parsed_module(db, file.python_file(db)).load(db),
            name: class.selection_range,
        })
    }

    fn node(&self) -> Option<&ast::StmtClassDef> {
        match definition_named(&self.module.syntax().body, |name| name == self.name)? {
            AnyNodeRef::StmtClassDef(class) => Some(class),
            _ => None,
        }
    }
}

/// What a class gives to an attribute of its objects.
struct Values<'n, 's> {
    name: &'n str,
    /// The name of the object in the method that is looked at.
    own: Option<&'s str>,
    /// How many functions are around.
    functions: usize,
    /// Annotations where there are some, else values.
    found: Vec<&'s Expr>,
    /// How often an annotation says what it is.
    declared: usize,
    /// How often a plain assignment gives it a value.
    plain: usize,
    /// How often anything does.
    all: usize,
}

impl<'n, 's> Values<'n, 's> {
    /// What `class` gives to the attribute `name`.
    fn of(class: &'s ast::StmtClassDef, name: &'n str) -> Self {
        let mut values = Self {
            name,
            own: None,
            functions: 0,
            found: Vec::new(),
            declared: 0,
            plain: 0,
            all: 0,
        };
        values.visit_body(&class.body);
        values
    }

    fn is_it(&self, target: &Expr) -> bool {
        self.is_target(target.into())
    }

    fn is_target(&self, target: ExprRef<'_>) -> bool {
        match target {
            ExprRef::Attribute(target) if self.functions > 0 => {
                let object = target.value.as_name_expr().map(|it| it.id.as_str());
                object.is_some() && object == self.own && target.attr.as_str() == self.name
            }
            ExprRef::Name(target) => self.functions == 0 && target.id == *self.name,
            _ => false,
        }
    }
}

impl<'s> SourceOrderVisitor<'s> for Values<'_, 's> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::StmtFunctionDef(function) => {
                if self.functions == 0 {
                    self.all += usize::from(function.name.as_str() == self.name);
                    let mut parameters = function.parameters.iter_non_variadic_params();
                    self.own = parameters.next().map(|it| it.name().as_str());
                }
                self.functions += 1;
            }
            AnyNodeRef::StmtAssign(assign) => {
                let own = assign.targets.iter().filter(|it| self.is_it(it)).count();
                self.found.extend((own > 0).then_some(&*assign.value));
                self.plain += own;
            }
            AnyNodeRef::StmtAnnAssign(assign) if self.is_it(&assign.target) => {
                self.found.push(&assign.annotation);
                self.declared += 1;
                self.plain += 1;
            }
            AnyNodeRef::ExprAttribute(ast::ExprAttribute { ctx, .. })
            | AnyNodeRef::ExprName(ast::ExprName { ctx, .. }) => {
                let is_it = node.as_expr_ref().is_some_and(|it| self.is_target(it));
                self.all += usize::from(!ctx.is_load() && is_it);
            }
            AnyNodeRef::StmtClassDef(class) => {
                let is_it = self.functions == 0 && class.name.as_str() == self.name;
                self.all += usize::from(is_it);
                return TraversalSignal::Skip;
            }
            AnyNodeRef::Alias(alias) if self.functions == 0 => {
                let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                self.all += usize::from(bound.as_str() == self.name);
            }
            _ => {}
        }
        TraversalSignal::Traverse
    }

    fn leave_node(&mut self, node: AnyNodeRef<'s>) {
        if node.is_stmt_function_def() {
            self.functions -= 1;
        }
    }
}
