//! What is handed to the functions of the file.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::Source;
use crate::waits::Called;

impl Source<'_> {
    /// Whether the text defines a function called `name` somewhere, by how that is spelled.
    pub fn may_define(&self, name: &str) -> bool {
        if let Some(known) = self.defined.borrow().get(name) {
            return *known;
        }
        let found = (self.words(name)).any(|word| self.is_defined_at(word));
        self.defined.borrow_mut().insert(name.to_owned(), found);
        found
    }

    /// The functions of this file that `callee` stands for; `None` where another may take their place.
    pub fn sole_functions(&self, callee: &Expr) -> Option<Vec<&ast::StmtFunctionDef>> {
        let functions = self.functions(callee)?;
        let may_be_another = self.may_be_of_subclass(callee)
            && (functions
                .iter()
                .any(|it| self.overrides(it).next().is_some())
                || (self.types())
                    .is_some_and(|types| types.sole_functions(callee.range()).is_empty()));
        (!may_be_another).then_some(functions)
    }

    /// The parameter of `function` that takes the argument at `argument` of `call`, which calls it; none where that
    /// does not show.
    pub fn parameter_for<'f>(
        &self,
        call: &ast::ExprCall,
        function: &'f ast::StmtFunctionDef,
        argument: TextRange,
    ) -> Option<&'f ast::Parameter> {
        let mut keywords = call.arguments.keywords.iter();
        if let Some(keyword) = keywords.find(|it| it.value.range() == argument) {
            let name = keyword.arg.as_ref()?;
            let mut all = function.parameters.iter_non_variadic_params();
            let found = all.find(|it| it.name().id == name.id)?;
            return Some(&found.parameter);
        }
        // The object comes first where a method is taken from its class.
        if let Expr::Attribute(method) = &*call.func
            && self.names_a_class(&method.value)
            && !(function.decorator_list.iter())
                .any(|it| self.is_builtin(&it.expression, &["classmethod", "staticmethod"]))
        {
            return None;
        }
        let arguments = &call.arguments.args;
        let position = arguments.iter().position(|it| it.range() == argument)?;
        if arguments[..position].iter().any(Expr::is_starred_expr) {
            return None;
        }
        let mut parameters = Called::by(&call.func, function, true).positional();
        parameters.nth(position).map(|it| &it.parameter)
    }
}
