// What the tree of runs is made of: plain data with stable ids, made once each, since VS Code knows an element by its identity.

import type { Aside } from './lists.ts';
import { keyOf, type ProjectRef, type RunRef, type SolutionRef } from '../refs.ts';

export interface SpecRef extends ProjectRef {
  readonly spec: string;
}

export interface ProjectNode { readonly kind: 'project'; readonly id: string; readonly ref: ProjectRef }
export interface SpecNode { readonly kind: 'spec'; readonly id: string; readonly ref: SpecRef }
/** A run that waits for others, or begins. */
export interface QueuedNode { readonly kind: 'queued'; readonly id: string; readonly ref: SpecRef; readonly item: string }
export interface RunNode { readonly kind: 'run'; readonly id: string; readonly ref: RunRef }
export interface SolutionNode { readonly kind: 'solution'; readonly id: string; readonly ref: SolutionRef }
/** Those of a run that nobody would accept, under one roof. */
export interface AsideNode { readonly kind: 'aside'; readonly id: string; readonly ref: RunRef; readonly of: Aside }
/** The rest of a long list. */
export interface MoreNode { readonly kind: 'more'; readonly id: string; readonly ref: RunRef; readonly of: ListNode }
export type ListNode = RunNode | SolutionNode | AsideNode;
export type Node = ProjectNode | SpecNode | QueuedNode | RunNode | SolutionNode | AsideNode | MoreNode;

/** Makes each node once. */
export class Nodes {
  private readonly byId = new Map<string, Node>();

  project(root: string): ProjectNode {
    return this.node({ kind: 'project', id: `project ${root}`, ref: { root } });
  }

  spec(root: string, spec: string): SpecNode {
    return this.node({ kind: 'spec', id: `spec ${root}\n${spec}`, ref: { root, spec } });
  }

  queued(root: string, spec: string, item: string): QueuedNode {
    return this.node({ kind: 'queued', id: `queued ${item}`, ref: { root, spec }, item });
  }

  run(ref: RunRef): RunNode {
    return this.node({ kind: 'run', id: `run ${lines(ref)}`, ref });
  }

  /** The id is looked for before the node is made: there may be 10,000. */
  solution(run: RunRef, id: string): SolutionNode {
    const nodeId = `solution ${lines(run)}\n${id}`;
    return (this.byId.get(nodeId) as SolutionNode | undefined) ?? this.node({ kind: 'solution', id: nodeId, ref: { ...run, id } });
  }

  aside(ref: RunRef, of: Aside): AsideNode {
    return this.node({ kind: 'aside', id: `${of} ${lines(ref)}`, ref, of });
  }

  more(of: ListNode): MoreNode {
    return this.node({ kind: 'more', id: `more ${of.id}`, ref: of.ref, of });
  }

  /** Those of runs that are gone. */
  forget(known: (ref: RunRef) => boolean): void {
    for (const [id, n] of this.byId) if ('run' in n.ref && !known(n.ref)) this.byId.delete(id);
  }

  private node<N extends Node>(made: N): N {
    const known = this.byId.get(made.id) as N | undefined;
    if (known) return known;
    this.byId.set(made.id, made);
    return made;
  }
}

function lines(r: RunRef): string {
  return keyOf(r).replaceAll('\0', '\n');
}
