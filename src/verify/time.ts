/** The time that all of a run may take: what runs on while nobody is asked. */
export class TimeLimit {
  /** In ms. */
  readonly all: number;
  private until: number;

  constructor(all: number) {
    this.all = all;
    this.until = Date.now() + all;
  }

  /** In ms; none where it is negative. */
  left(): number {
    return this.until - Date.now();
  }

  /** Waits for what a person decides, who may take as long as it takes. */
  async outside<T>(deciding: Promise<T>): Promise<T> {
    const begun = Date.now();
    try {
      return await deciding;
    } finally {
      this.until += Date.now() - begun;
    }
  }
}
