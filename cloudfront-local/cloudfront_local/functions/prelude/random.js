// Seeded with the time of the start, as CloudFront's is. The generator is mulberry32.
({ random() {
  randomSeed = (randomSeed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(randomSeed ^ (randomSeed >>> 15), 1 | randomSeed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
} });
