// Lists eaten from the front: `queue.shift()` → a head index; `s = s.slice(1)` → a position; `unshift` in a loop → push and reverse.

import type { Context, Edit, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { isFresh } from './facts.ts';
import { isEmptyArray, kindOf } from './kinds.ts';
import type { Model } from './model.ts';
import { anchorOf, atLine, blockStatement, freshName, insertAfter, insertBefore, repeatsOf, replace, siteOf } from './places.ts';
import type { Binding } from './scopes.ts';
import type { Syn } from './syn.ts';
import { bare, enclosingFunction, field, isLoop, methodCall, numberOf, operatorOf, parts, textOf, within, wrapped } from './syn.ts';

/** `.length` of a variable, as a node. */
const lengthOf = (r: Syn): Syn | null => {
  const p = r.parent;
  return p?.type === 'member_expression' && r.field === 'object' && textOf(field(p, 'property') ?? p) === 'length' ? p : null;
};

/** Whether a node stands where only its truth counts. */
function isCondition(n: Syn): boolean {
  const at = wrapped(n);
  const p = at.parent;
  return p !== null && ((at.field === 'condition' && p.type !== 'for_in_statement') || (p.type === 'unary_expression' && operatorOf(p) === '!'));
}

const isAssignmentTarget = (n: Syn): boolean => (n.parent?.type.endsWith('assignment_expression') === true && n.field === 'left') || n.parent?.type === 'update_expression';

function shiftSite(context: Context, model: Model, q: Binding): Site | null {
  const declaration = q.declarator?.parent;
  const value = q.declarator ? field(q.declarator, 'value') : null;
  if (!declaration || !value || q.writes.length > 0 || !isFresh(value) || kindOf(model, value) !== 'array' || blockStatement(declaration) !== declaration) return null;
  const shifts: Syn[] = [];
  const edits: Edit[] = [];
  const head = freshName(model, `${q.name}Head`);
  for (const r of q.refs) {
    const length = lengthOf(r);
    if (length) {
      if (isAssignmentTarget(length)) return null;
      const p = length.parent;
      const zero = p?.type === 'binary_expression' && length.field === 'left' && numberOf(field(p, 'right')) === 0 ? operatorOf(p) : '';
      if (p && (zero === '>' || zero === '!==' || zero === '!=')) edits.push(replace(p, `${head} < ${q.name}.length`));
      else if (isCondition(length) && p?.type !== 'unary_expression') edits.push(replace(length, `${head} < ${q.name}.length`));
      else edits.push(replace(length, `(${textOf(length)} - ${head})`));
      continue;
    }
    const m = r.parent?.type === 'member_expression' && r.field === 'object' ? methodCall(r.parent.parent) : null;
    if (m?.object === r && m.name === 'shift' && m.args.length === 0 && repeatsOf(m.call).some((l) => !within(q.decl, l))) shifts.push(m.call);
    else if (m?.object === r && m.name === 'push' && m.call.parent?.type === 'expression_statement') continue;
    else if (r.parent?.type === 'subscript_expression' && r.field === 'object' && numberOf(field(r.parent, 'index')) === 0 && !isAssignmentTarget(r.parent)) edits.push(replace(field(r.parent, 'index') ?? r, head));
    else return null;
  }
  if (shifts.length === 0 || shifts.some((s) => enclosingFunction(s) !== enclosingFunction(q.decl))) return null;
  const [first] = shifts;
  for (const s of shifts) edits.push(replace(s, shifts.length === 1 && isGuarded(model, s, q) ? `${q.name}[${head}++]` : `(${head} < ${q.name}.length ? ${q.name}[${head}++] : undefined)`));
  return first ? siteOf(context, [...insertAfter(model, declaration, [`let ${head} = 0;`]), ...edits], `take from \`${q.name}\` by a head index instead of shift (${atLine(first)})`) : null;
}

/** Whether a shift is the first thing done with the queue in a `while (queue.length…)`. */
function isGuarded(model: Model, shift: Syn, q: Binding): boolean {
  const statement = blockStatement(shift);
  const loop = statement?.parent?.parent;
  const condition = loop?.type === 'while_statement' ? bare(field(loop, 'condition') ?? loop) : null;
  if (!statement || !condition || parts(statement.parent ?? statement)[0] !== statement || !['lexical_declaration', 'variable_declaration'].includes(statement.type)) return false;
  const ids = q.refs.filter((r) => within(r, condition));
  return ids.length === 1 && /^\w+\.length(\s*(>|!==|!=)\s*0)?$/.test(textOf(condition)) && model.scopes.bindingOf(ids[0] ?? shift) === q;
}

export const shiftToHead = defineRewrite({
  id: 'shift-to-head',
  title: 'a queue emptied by shift, read by a head index instead',
  assumes: 'keeping the elements that were taken until the queue itself is dropped does not matter',
  find: (context, model) => bindingsInPins(context, model).map((b) => shiftSite(context, model, b)),
});

const bindingsInPins = (context: Context, model: Model): readonly Binding[] => model.scopes.bindings.filter((b) => context.pins.some((p) => b.decl.start >= p.start && b.decl.end <= p.end));

/** `s = s.slice(k)` as a statement: the node of k; null for anything else. */
function cutOf(model: Model, w: Syn, s: Binding): Syn | null {
  const p = w.parent;
  const m = p?.type === 'assignment_expression' && w.field === 'left' && p.parent?.type === 'expression_statement' ? methodCall(bare(field(p, 'right') ?? p)) : null;
  const [k, ...more] = m?.args ?? [];
  if (!m || !k || more.length > 0 || !['slice', 'substring', 'substr'].includes(m.name) || m.object.type !== 'identifier' || model.scopes.bindingOf(m.object) !== s) return null;
  const n = numberOf(k);
  if (n !== null) return n > 0 ? k : null;
  const b = bare(k);
  return b.type === 'member_expression' && textOf(field(b, 'property') ?? b) === 'length' && !within(k, s.decl) ? k : null;
}

function sliceSite(context: Context, model: Model, s: Binding): Site | null {
  if (s.writes.length === 0 || !s.writes.every((w) => cutOf(model, w, s) && repeatsOf(w).some((l) => isLoop(l) && !within(s.decl, l)))) return null;
  const [first] = s.writes;
  const kind = kindOf(model, s.decl);
  const value = s.declarator ? field(s.declarator, 'value') : null;
  const loop = first ? repeatsOf(first).filter((l) => !within(s.decl, l)).pop() : undefined;
  const anchor = loop && anchorOf(loop);
  if (!first || !loop || !anchor || s.refs.some((r) => enclosingFunction(r) !== enclosingFunction(first))) return null;
  if (s.kind === 'catch' || (s.declarator && !value)) return null;
  const at = freshName(model, `${s.name}At`);
  const edits: Edit[] = [];
  let needsString = false;
  for (const r of s.refs) {
    if (!within(r, loop)) {
      if (r.start > loop.end) edits.push(replace(r, `${r.type === 'shorthand_property_identifier' ? `${s.name}: ` : ''}${s.name}.slice(${at})`));
      continue;
    }
    if (s.writes.includes(r)) {
      const k = cutOf(model, r, s);
      const statement = r.parent?.parent;
      if (!k || !statement) return null;
      if (s.refs.some((x) => within(x, k))) return null;
      edits.push(replace(statement, `${at} = Math.min(${at} + ${textOf(k)}, ${s.name}.length);`));
      continue;
    }
    if (s.writes.some((w) => w.parent && within(r, w.parent))) continue; // the s of s.slice(k)
    const length = lengthOf(r);
    const p = r.parent;
    const m = p?.type === 'member_expression' && r.field === 'object' ? methodCall(p.parent) : null;
    if (length) {
      if (isAssignmentTarget(length)) return null;
      edits.push(replace(length, isCondition(length) ? `${length.parent?.type === 'unary_expression' ? '(' : ''}${at} < ${s.name}.length${length.parent?.type === 'unary_expression' ? ')' : ''}` : `(${textOf(length)} - ${at})`));
    } else if (p?.type === 'subscript_expression' && r.field === 'object') {
      const index = field(p, 'index');
      if (!index || isAssignmentTarget(p) || kindOf(model, index) !== 'number' || (numberOf(index) ?? 0) < 0) return null;
      edits.push({ start: index.start, end: index.start, text: numberOf(index) === 0 ? '' : `${at} + ` });
      if (numberOf(index) === 0) edits[edits.length - 1] = replace(index, at);
    } else if (m?.object === r && ['charAt', 'charCodeAt', 'codePointAt'].includes(m.name) && m.args.length <= 1) {
      const index = m.args[0];
      if (index && (numberOf(index) ?? -1) < 0) return null;
      const args = field(m.call, 'arguments');
      if (args) edits.push(replace(args, numberOf(index ?? null) ? `(${at} + ${textOf(index ?? args)})` : `(${at})`));
    } else if (m?.object === r && m.name === 'startsWith' && m.args.length === 1 && m.args[0]) {
      edits.push({ start: m.args[0].end, end: m.args[0].end, text: `, ${at}` });
      needsString = true;
    } else if (m?.object === r && (m.name === 'slice' || m.name === 'substring') && m.args.length === 2 && numberOf(m.args[0] ?? null) === 0 && m.args[1] && (numberOf(m.args[1]) ?? -1) >= 0) {
      edits.push(replace(field(m.call, 'arguments') ?? m.call, `(${at}, ${at} + ${textOf(m.args[1])})`));
    } else if (p?.type === 'binary_expression' && ['===', '!==', '==', '!='].includes(operatorOf(p)) && /^(''|""|``)$/.test(textOf(field(p, r.field === 'left' ? 'right' : 'left') ?? p))) {
      edits.push(replace(p, `${at} ${operatorOf(p).startsWith('!') ? '<' : '>='} ${s.name}.length`));
      needsString = true;
    } else if (isCondition(r) && kind === 'string') {
      edits.push(replace(r, p?.type === 'unary_expression' ? `(${at} < ${s.name}.length)` : `${at} < ${s.name}.length`));
    } else return null;
  }
  if (needsString && kind === 'array') return null;
  return siteOf(context, [...insertBefore(model, anchor, [`let ${at} = 0;`]), ...edits], `read \`${s.name}\` by a position instead of cutting it in each pass (${atLine(first)})`);
}


export const sliceToPosition = defineRewrite({
  id: 'slice-to-position',
  title: 'a string or list cut from the front in each pass, read by a position instead',
  assumes: 'the value is a string or an array that nothing else changes meanwhile',
  find: (context, model) => bindingsInPins(context, model).map((b) => sliceSite(context, model, b)),
});

/** The element of `xs.unshift(e)`, `xs.splice(0, 0, e)` or `xs = [e, ...xs]`, with the statement. */
function prepended(model: Model, r: Syn, list: Binding): { readonly statement: Syn; readonly item: Syn } | null {
  const m = r.parent?.type === 'member_expression' && r.field === 'object' ? methodCall(r.parent.parent) : null;
  if (m?.object === r) {
    const item = m.name === 'unshift' && m.args.length === 1 ? m.args[0] : m.name === 'splice' && m.args.length === 3 && numberOf(m.args[0] ?? null) === 0 && numberOf(m.args[1] ?? null) === 0 ? m.args[2] : undefined;
    return item && item.type !== 'spread_element' && m.call.parent?.type === 'expression_statement' ? { statement: m.call.parent, item } : null;
  }
  const p = r.parent;
  const right = p?.type === 'assignment_expression' && r.field === 'left' ? bare(field(p, 'right') ?? p) : null;
  const [item, rest, ...more] = right?.type === 'array' ? parts(right) : [];
  const spread = rest?.type === 'spread_element' ? parts(rest)[0] : undefined;
  if (!p || !item || item.type === 'spread_element' || more.length > 0 || spread?.type !== 'identifier' || model.scopes.bindingOf(spread) !== list) return null;
  return p.parent?.type === 'expression_statement' ? { statement: p.parent, item } : null;
}

function unshiftSite(context: Context, model: Model, list: Binding): Site | null {
  const value = list.declarator ? field(list.declarator, 'value') : null;
  if (!isEmptyArray(value)) return null;
  const found = list.refs.map((r) => prepended(model, r, list)).filter((x) => x !== null);
  const [first] = found;
  const loop = first ? repeatsOf(first.statement).filter((l) => isLoop(l) && !within(list.decl, l)).pop() : undefined;
  const after = loop?.parent?.type === 'labeled_statement' ? loop.parent : loop;
  if (!first || !loop || !after || blockStatement(after) !== after || enclosingFunction(loop) !== enclosingFunction(list.decl)) return null;
  if (found.some((f) => !within(f.statement, loop))) return null;
  const expected = found.length + found.filter((f) => parts(f.statement)[0]?.type === 'assignment_expression').length;
  // Inside the loop nothing else sees the list, before it the list is still empty; around it no other loop comes back.
  const others = list.refs.filter((r) => !found.some((f) => within(r, f.statement)));
  if (list.refs.length - others.length !== expected || others.some((r) => r.start < loop.end)) return null;
  if (found.some((f) => list.refs.some((r) => within(r, f.item)) || enclosingFunction(f.statement) !== enclosingFunction(loop))) return null;
  if (list.writes.some((w) => !within(w, loop))) return null;
  const edits = found.map((f) => replace(f.statement, `${list.name}.push(${textOf(f.item)});`));
  return siteOf(context, [...edits, ...insertAfter(model, after, [`${list.name}.reverse();`])], `push to \`${list.name}\` and reverse it once instead of prepending (${atLine(first.statement)})`);
}

export const unshiftToPush = defineRewrite({
  id: 'unshift-to-push',
  title: 'a list filled from the front, filled from the back and reversed once',
  assumes: 'if the loop throws, nobody looks at the half-filled list',
  find: (context, model) => bindingsInPins(context, model).map((b) => unshiftSite(context, model, b)),
});

