// A thread that lives one life.
import { type Job, livedBy } from "./figures.ts";

const thread = self as unknown as Pick<Worker, "postMessage" | "onmessage">;
thread.onmessage = async ({ data }: MessageEvent<Job>) => thread.postMessage(await livedBy(data));
