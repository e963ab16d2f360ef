// Packs parcels into crates, first fit, heavy ones first. Fragile parcels never lie with heavy ones.

const HEAVY = 20;

function weightOf(crate) {
  return crate.parcels.reduce((sum, p) => sum + p.weight, 0);
}

function volumeOf(crate) {
  let volume = 0;
  for (const { size } of crate.parcels) {
    const [l, w, h] = size;
    volume += l * w * h;
  }
  return volume;
}

// sigil: improve
export function pack(parcels, limits) {
  const crates = [];
  const rejected = [];
  let waiting = [...parcels];
  while (waiting.length > 0) {
    let parcel = waiting[0];
    for (const p of waiting) {
      if (p.weight > parcel.weight || (p.weight === parcel.weight && p.id < parcel.id)) parcel = p;
    }
    waiting = waiting.filter((p) => p !== parcel);

    const volume = parcel.size[0] * parcel.size[1] * parcel.size[2];
    if (parcel.weight > limits.weight || volume > limits.volume) {
      rejected.push(parcel.id);
      continue;
    }
    const fitting = crates.filter((crate) => {
      if (weightOf(crate) + parcel.weight > limits.weight) return false;
      if (volumeOf(crate) + volume > limits.volume) return false;
      if (parcel.fragile && crate.parcels.some((p) => p.weight >= HEAVY)) return false;
      if (parcel.weight >= HEAVY && crate.parcels.some((p) => p.fragile)) return false;
      return true;
    });
    if (fitting.length > 0) {
      fitting[0].parcels.push(parcel);
    } else {
      crates.push({ parcels: [parcel] });
    }
  }
  return {
    crates: crates.map((c) => ({ ids: c.parcels.map((p) => p.id), weight: weightOf(c), filled: Math.round((volumeOf(c) / limits.volume) * 100) })),
    rejected,
  };
}
