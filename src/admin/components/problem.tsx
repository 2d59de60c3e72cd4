// Refusals of the gateway in forms, shown at the field that it is about.
import { useState } from "preact/hooks";
import { ApiError } from "../api.ts";
import { toast, toastError } from "./toast.tsx";

/** A refused field: its name in the request, such as `target.to.0`, and the gateway's sentence. */
export interface Problem {
  field: string;
  text: string;
}

/** Returns the refused field of the last `run`, and the function that runs work and keeps it; true for success. */
export function useProblem() {
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (work: () => Promise<unknown>, said?: string): Promise<boolean> => {
    setProblem(null);
    try {
      await work();
      if (said) toast(said);
      return true;
    } catch (error) {
      const { field } = (error instanceof ApiError ? error.body.values ?? {} : {}) as { field?: unknown };
      if (typeof field === "string") setProblem({ field, text: (error as Error).message });
      else toastError(error);
      return false;
    }
  };
  return { problem, run };
}

interface WrongProps {
  /** The field of the request. */
  at: string;
  problem: Problem | null;
  /** The sentence in the user's language. */
  text: string;
}

/** Shows the sentence below a field, if it is the refused one. */
export function Wrong({ at, problem, text }: WrongProps) {
  if (!problem || (problem.field !== at && !problem.field.startsWith(`${at}.`))) return null;
  return <small class="answer tone-red" role="alert">{text}</small>;
}

/** Shows the gateway's own sentence where the refused field is none of those that are on the form. */
export function OtherProblem({ problem, shown }: { problem: Problem | null; shown: readonly string[] }) {
  const here = shown.some((at) => problem?.field === at || problem?.field.startsWith(`${at}.`));
  return problem && !here ? <p class="answer tone-red" role="alert">{problem.text}</p> : null;
}
