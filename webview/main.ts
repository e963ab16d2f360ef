// The Solutions panel: browser code.
export {};
