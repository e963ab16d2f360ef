// Runs that go on from a solution of another run.

/** The operator of such a run's first ask, which is the run's own and not the optimizer's. */
export const DERIVED = 'derived';
