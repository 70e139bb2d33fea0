//! The order in which the code of a function, or of the module's top level, gives names values and reads
//! them: which bindings of a name may reach which of its uses.
//!
//! A [`Graph`] is built once by the binder; each question is about one variable and looks at nothing else.

use std::cell::{Cell, OnceCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::bindings::{BindingId, ScopeId};

/// A stretch of code that runs from its start to its end, unless something raises.
#[derive(Debug, Default)]
struct Block {
    /// Its events, by their place in [`Graph::events`].
    events: Range<usize>,
    /// Where it goes on.
    next: Vec<BlockId>,
    /// Where it goes on when anything in it raises.
    raises_to: Option<BlockId>,
}

/// More blocks than that are not copied: what is copied within a copy would double each time.
const MOST_COPIED: usize = 1_000;

/// So many blocks are walked from one use of a name to another one.
const MOST_WALKED: usize = 1_000;

/// After so many questions the events are put into order by name: most code is asked about few names.
const OFTEN: usize = 8;

/// A block of a graph, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BlockId(usize);

/// A name of a file, by its place in the binder's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NameId(pub(crate) u32);

/// A use of a name, by its place among all uses of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct UseId(pub(crate) u32);

/// Something that matters to names, in the order in which it happens.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
    /// The name is read, called on, changed in place or deleted.
    Use(NameId, UseId),
    /// It gets a value in the scope.
    Bind {
        name: NameId,
        scope: ScopeId,
        binding: BindingId,
        /// Part of an expression that may not be evaluated.
        maybe: bool,
        /// The last thing that its statement does: nothing of that raises afterwards.
        is_last: bool,
    },
    /// It is deleted in the scope.
    Unbind(NameId, ScopeId),
    /// Something may raise.
    Tick,
    /// A function or lambda is made, which may run at any time from here on. Made in a loop, it may see all
    /// that happens from `since` on, a place among the events.
    Define { scope: ScopeId, since: u32 },
}

impl Event {
    /// The name that it happens to, if it does to one.
    fn name(&self) -> Option<NameId> {
        match self {
            Event::Use(name, _) | Event::Bind { name, .. } | Event::Unbind(name, _) => Some(*name),
            Event::Tick | Event::Define { .. } => None,
        }
    }
}

/// The code of a function, of a lambda or of the module's top level; class bodies and comprehensions
/// run as a part of it.
#[derive(Debug)]
pub(crate) struct Graph {
    blocks: Vec<Block>,
    events: Vec<Event>,
    /// How often was asked where something happens.
    asked: Cell<usize>,
    /// Found out when that was often.
    index: OnceCell<Index>,
    /// Its blocks by where their events start, as somebody asks.
    by_start: OnceCell<Vec<(usize, usize)>>,
}

/// The code of one scope in a graph. Blocks at both ends may have code of others too.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    blocks: Range<usize>,
    events: Range<usize>,
}

impl Part {
    /// From where `self` begins to where `other` ends.
    pub(crate) fn to(&self, other: &Self) -> Self {
        Self {
            blocks: self.blocks.start..other.blocks.end,
            events: self.events.start..other.events.end,
        }
    }
}

/// Where the events of a graph are, by their places, in order.
#[derive(Debug, Default)]
struct Index {
    by_name: Vec<(NameId, usize)>,
    /// Where a function or lambda is made.
    definitions: Vec<usize>,
}

impl Default for Graph {
    fn default() -> Self {
        Self {
            blocks: vec![Block::default()],
            events: Vec::new(),
            asked: Cell::new(0),
            index: OnceCell::new(),
            by_start: OnceCell::new(),
        }
    }
}

impl Graph {
    /// Where the code begins.
    pub(crate) const ENTRY: BlockId = BlockId(0);

    /// A new block, from which what raises goes to `raises_to`. Events are added to the newest block alone.
    pub(crate) fn block(&mut self, raises_to: Option<BlockId>) -> BlockId {
        self.blocks.push(Block {
            events: self.events.len()..self.events.len(),
            next: Vec::new(),
            raises_to,
        });
        BlockId(self.blocks.len() - 1)
    }

    /// All of it.
    pub(crate) fn whole(&self) -> Part {
        Part {
            blocks: 0..self.blocks.len(),
            events: 0..self.events.len(),
        }
    }

    /// How many events there are.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    pub(crate) fn event(&mut self, event: Event) {
        self.events.push(event);
        let newest = self.blocks.last_mut().expect("a graph has its entry");
        newest.events.end = self.events.len();
    }

    pub(crate) fn edge(&mut self, from: BlockId, to: BlockId) {
        let next = &mut self.blocks[from.0].next;
        if !next.contains(&to) {
            next.push(to);
        }
    }

    /// The blocks from `first` on once more, with the same events; gives the copies of `first` and `last`.
    /// Ways out of the copied part lead to where they lead from the original. A large part stands for its own
    /// copy, with all values that either would have.
    pub(crate) fn copy(&mut self, first: BlockId, last: BlockId) -> (BlockId, BlockId) {
        let old = first.0..self.blocks.len();
        let shift = old.len();
        if shift > MOST_COPIED {
            return (first, last);
        }
        let moved = |block: BlockId| {
            let is_inside = old.contains(&block.0);
            BlockId(if is_inside { block.0 + shift } else { block.0 })
        };
        for index in old.clone() {
            let block = &self.blocks[index];
            let copy = Block {
                events: block.events.clone(),
                next: block.next.iter().map(|next| moved(*next)).collect(),
                raises_to: block.raises_to.map(moved),
            };
            self.blocks.push(copy);
        }
        (moved(first), moved(last))
    }

    /// The part that begins with what comes next, and ends before it.
    pub(crate) fn part(&self) -> Part {
        Part {
            blocks: self.blocks.len() - 1..self.blocks.len(),
            events: self.events.len()..self.events.len(),
        }
    }

    /// How the variable that is called `name` in the scope `owner` flows, whose code is `part`: `number` gives
    /// the place of a binding among all of that variable's.
    pub(crate) fn flow(
        &self,
        name: NameId,
        owner: ScopeId,
        part: &Part,
        number: impl Fn(BindingId) -> usize,
    ) -> Flow {
        // A variable of a comprehension or class body is a new one each time, and unknown around.
        let (first, blocks) = (part.blocks.start, &self.blocks[part.blocks.clone()]);
        let bound = |event: Event| match event {
            Event::Bind {
                name: other,
                scope,
                binding,
                ..
            } if other == name && scope == owner => Some(Values::of(number(binding))),
            _ => None,
        };
        let places = self.places(name, &part.events);
        let steps = self.steps(name, owner, bound, blocks, &places);
        let mut entering = vec![Values::NONE; blocks.len()];
        entering[0] = Values::UNBOUND;
        // In order, as most code runs, and again where more values arrive; never more often than there are values.
        let mut is_waiting = vec![false; blocks.len()];
        let mut waiting = BinaryHeap::from([Reverse(0)]);
        while let Some(Reverse(index)) = waiting.pop() {
            is_waiting[index] = false;
            let mut values = entering[index];
            let mut on_the_way = values;
            for step in &steps[index] {
                if let Step::Change(change) = step {
                    values = change.after(values);
                    if !change.is_last {
                        on_the_way = on_the_way.or(values);
                    }
                }
            }
            let block = &blocks[index];
            let ways = block.next.iter().map(|next| (next, values));
            let raising = block.raises_to.iter().map(|next| (next, on_the_way));
            for (next, values) in ways.chain(raising) {
                let Some(next) = next.0.checked_sub(first).filter(|it| *it < blocks.len()) else {
                    continue;
                };
                let joined = entering[next].or(values);
                if joined != entering[next] {
                    entering[next] = joined;
                    if !std::mem::replace(&mut is_waiting[next], true) {
                        waiting.push(Reverse(next));
                    }
                }
            }
        }
        let mut flow = Flow::default();
        for (values, steps) in entering.into_iter().zip(steps) {
            let mut values = values;
            for step in steps {
                match step {
                    Step::Change(change) => values = change.after(values),
                    Step::Use(id) => note(&mut flow.uses, id, values),
                    Step::Define(scope) => note(&mut flow.definitions, scope, values),
                }
            }
        }
        self.add_later(bound, &places, &mut flow);
        // A module has many functions, and most see the same.
        flow.definitions.dedup_by_key(|(_, values)| *values);
        flow.definitions.shrink_to_fit();
        flow
    }

    /// Whether the code may get from the use `from` of `name` to the use `to` of the same before the variable of
    /// the scope `owner` gets another value.
    pub(crate) fn may_get(&self, name: NameId, owner: ScopeId, from: UseId, to: UseId) -> bool {
        let is_new = |event: Event| match event {
            Event::Bind {
                name: other,
                scope,
                maybe,
                ..
            } => other == name && scope == owner && !maybe,
            Event::Unbind(other, scope) => other == name && scope == owner,
            _ => false,
        };
        let is_use = |event: Event, id: UseId| matches!(event, Event::Use(_, other) if other == id);
        let places = self.places(name, &(0..self.events.len()));
        let mut waiting: Vec<(usize, usize)> = Vec::new();
        for place in places.iter().filter(|it| is_use(self.events[**it], from)) {
            waiting.extend(self.blocks_with(*place).map(|block| (block, place + 1)));
        }
        let mut is_seen = FxHashSet::default();
        while let Some((index, start)) = waiting.pop() {
            let block = &self.blocks[index];
            let here = places.partition_point(|it| *it < start);
            let here = places[here..].iter();
            let here = here.take_while(|it| **it < block.events.end);
            let mut events = here.map(|it| self.events[*it]);
            let next = match events.find(|event| is_use(*event, to) || is_new(*event)) {
                Some(Event::Use(..)) => return true,
                Some(_) => &[][..],
                None => &block.next[..],
            };
            // What raises may do so before the name has another value.
            for BlockId(next) in next.iter().chain(&block.raises_to) {
                if is_seen.insert(*next) {
                    waiting.push((*next, self.blocks[*next].events.start));
                }
            }
            if is_seen.len() > MOST_WALKED {
                return true;
            }
        }
        false
    }

    /// The blocks that have the event at `place`: code that is copied is there twice.
    fn blocks_with(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        let by_start = self.by_start.get_or_init(|| {
            let blocks = self.blocks.iter().enumerate();
            let filled = blocks.filter(|(_, block)| !block.events.is_empty());
            let mut by_start: Vec<(usize, usize)> = filled
                .map(|(index, block)| (block.events.start, index))
                .collect();
            by_start.sort_unstable();
            by_start
        });
        let end = by_start.partition_point(|(start, _)| *start <= place);
        let before = by_start[..end].iter().rev().map(|(_, index)| *index);
        before.take_while(move |index| self.blocks[*index].events.contains(&place))
    }

    /// Where among `events` something happens to `name` or a function is made, in order.
    fn places(&self, name: NameId, events: &Range<usize>) -> Vec<usize> {
        let asked = self.asked.replace(self.asked.get() + 1);
        if asked < OFTEN {
            let events = self.events[events.clone()].iter().zip(events.start..);
            let here = events.filter(|(event, _)| event.name().is_none_or(|it| it == name));
            let places = here.filter(|(event, _)| !matches!(event, Event::Tick));
            return places.map(|(_, place)| place).collect();
        }
        let index = self.index.get_or_init(|| Index::of(&self.events));
        let (by_name, definitions) = (&index.by_name, &index.definitions);
        let named = |place| by_name.partition_point(|it| *it < (name, place));
        let defined = |place| definitions.partition_point(|it| *it < place);
        let named = by_name[named(events.start)..named(events.end)].iter();
        let defined = &definitions[defined(events.start)..defined(events.end)];
        let mut places: Vec<usize> = (named.map(|(_, place)| *place))
            .chain(defined.iter().copied())
            .collect();
        places.sort_unstable();
        places
    }

    /// Adds to what functions may see where they are made what is `bound` later on, before they run.
    fn add_later(
        &self,
        bound: impl Fn(Event) -> Option<Values>,
        places: &[usize],
        flow: &mut Flow,
    ) {
        // From each place on where something is bound, and nothing after the last.
        let mut later: Vec<(usize, Values)> = Vec::new();
        for place in places.iter().rev() {
            if let Some(values) = bound(self.events[*place]) {
                let rest = later.last().map_or(Values::NONE, |(_, values)| *values);
                later.push((*place, values.or(rest)));
            }
        }
        later.reverse();
        for place in places {
            if let Event::Define { scope, since } = self.events[*place] {
                let first = later.partition_point(|(place, _)| *place < since as usize);
                if let Some((_, values)) = later.get(first) {
                    note(&mut flow.definitions, scope, *values);
                }
            }
        }
    }

    /// What matters to one variable, for which something happens at `places`, by block.
    fn steps(
        &self,
        name: NameId,
        owner: ScopeId,
        bound: impl Fn(Event) -> Option<Values>,
        blocks: &[Block],
        places: &[usize],
    ) -> Vec<Vec<Step>> {
        let step = |event: Event, is_last: bool| match event {
            Event::Use(other, id) => (other == name).then_some(Step::Use(id)),
            Event::Tick => None,
            Event::Bind {
                maybe,
                is_last: is_last_of_statement,
                ..
            } => Some(Step::Change(Change {
                to: bound(event)?,
                maybe,
                is_last: is_last && is_last_of_statement,
            })),
            Event::Unbind(other, scope) => (other == name && scope == owner).then_some({
                Step::Change(Change {
                    to: Values::UNBOUND,
                    maybe: false,
                    is_last,
                })
            }),
            Event::Define { scope, .. } => Some(Step::Define(scope)),
        };
        let steps_of = |block: &Block| {
            let last = block.events.end.saturating_sub(1);
            let from = places.partition_point(|place| *place < block.events.start);
            let inside = places[from..].iter();
            let inside = inside.take_while(|place| **place < block.events.end);
            let steps = inside.filter_map(|place| step(self.events[*place], *place == last));
            steps.collect()
        };
        blocks.iter().map(steps_of).collect()
    }
}

impl Index {
    fn of(events: &[Event]) -> Self {
        let mut index = Self::default();
        for (place, event) in events.iter().enumerate() {
            if let Some(name) = event.name() {
                index.by_name.push((name, place));
            } else if matches!(event, Event::Define { .. }) {
                index.definitions.push(place);
            }
        }
        index.by_name.sort_unstable();
        index
    }
}

/// What one variable may hold at the places that matter.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    /// Where its name is used, in order.
    uses: Vec<(UseId, Values)>,
    /// Where a function or lambda is made, in order; none that sees what the one before it sees.
    definitions: Vec<(ScopeId, Values)>,
    /// What it may hold at any other place.
    elsewhere: Values,
}

impl Flow {
    /// That of a variable to which nothing is ever bound.
    pub(crate) fn of_nothing() -> Self {
        Self {
            elsewhere: Values::UNBOUND,
            ..Self::default()
        }
    }

    /// What it may hold at a use of its name; nothing where the code never gets there.
    pub(crate) fn at_use(&self, id: UseId) -> Values {
        found(&self.uses, &id).unwrap_or(self.elsewhere)
    }

    /// What it may hold when the function or lambda with this scope runs, at any time after it was made.
    pub(crate) fn since_definition(&self, scope: ScopeId) -> Values {
        let next = self.definitions.partition_point(|(id, _)| *id <= scope);
        let before = next.checked_sub(1);
        before.map_or(self.elsewhere, |index| self.definitions[index].1)
    }
}

fn note<K: Ord>(noted: &mut Vec<(K, Values)>, key: K, values: Values) {
    match noted.binary_search_by(|(other, _)| other.cmp(&key)) {
        // Code that is copied is met twice.
        Ok(index) => noted[index].1 = noted[index].1.or(values),
        Err(index) => noted.insert(index, (key, values)),
    }
}

fn found<K: Ord>(noted: &[(K, Values)], key: &K) -> Option<Values> {
    let index = noted.binary_search_by(|(other, _)| other.cmp(key));
    index.ok().map(|index| noted[index].1)
}

enum Step {
    Use(UseId),
    Change(Change),
    Define(ScopeId),
}

struct Change {
    to: Values,
    maybe: bool,
    /// Nothing comes after it in its block that could raise.
    is_last: bool,
}

impl Change {
    fn after(&self, before: Values) -> Values {
        if self.maybe {
            before.or(self.to)
        } else {
            self.to
        }
    }
}

/// Which of its bindings a variable may hold the value of, and whether it may hold none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Values(u128);

impl Values {
    /// Nothing is known to get here.
    const NONE: Self = Self(0);
    const UNBOUND: Self = Self(1);
    /// It may be unbound, or hold the value of any binding.
    pub(crate) const ALL: Self = Self(u128::MAX);
    /// Bindings from here on have one bit in common.
    const LAST: usize = 127;

    fn of(number: usize) -> Self {
        Self(1 << (number + 1).min(Self::LAST))
    }

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it may be that of the binding with this number.
    pub(crate) fn has(self, number: usize) -> bool {
        self.0 & Self::of(number).0 != 0
    }

    /// Whether it may be that of any binding.
    pub(crate) fn are_of_bindings(self) -> bool {
        self.0 & !Self::UNBOUND.0 != 0
    }

    /// Whether the variable may be unbound.
    pub(crate) fn may_be_unbound(self) -> bool {
        self.0 & Self::UNBOUND.0 != 0
    }
}
