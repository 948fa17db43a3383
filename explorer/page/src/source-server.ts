// The library over HTTP, from the server that also gave this page.
import {
  SourceError,
  type Column,
  type LibraryInfo,
  type Names,
  type Placement,
  type ProjectionInfo,
  type SearchQuery,
  type Sound,
  type Source,
  type Verification,
} from "./source";
import type { Hit } from "./state";

const POLL_MS = 700;

async function refusal(response: Response): Promise<SourceError> {
  const text = await response.text();
  try {
    const { detail } = JSON.parse(text);
    return new SourceError(typeof detail === "string" ? detail : text, response.status);
  } catch {
    return new SourceError(`The server answered ${response.status} ${response.statusText}.`, response.status);
  }
}

async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(`api/${path}`, init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new SourceError("The server does not answer. Is `timbrespace explore` still running?", 0);
  });
  if (!response.ok) throw await refusal(response);
  return response;
}

async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await request(path, { signal })).json();
}

async function getBytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await request(path, { signal })).arrayBuffer();
}

function post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return request(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

export class ServerSource implements Source {
  readonly isStatic = false;

  library(): Promise<LibraryInfo> {
    return getJson("library");
  }

  async ids(): Promise<Uint32Array> {
    return new Uint32Array(await getBytes("ids"));
  }

  names(): Promise<Names> {
    return getJson("names");
  }

  async column(name: string): Promise<Column> {
    const response = await request(`columns/${name}`);
    if (!response.headers.get("content-type")?.includes("json")) {
      return { kind: "continuous", numbers: new Float32Array(await response.arrayBuffer()) };
    }
    const { values } = await response.json();
    return { kind: "categorical", values, codes: new Uint16Array(await getBytes(`columns/${name}/codes`)) };
  }

  async projection(name: string, onProgress: (share: number) => void, signal: AbortSignal): Promise<Float32Array> {
    const path = `projections/${name}`;
    let info = await this.projectionInfo(name);
    if (info?.state === "absent") {
      await post(path, {}, signal);
      info = await this.projectionInfo(name);
    }
    while (info?.state === "computing") {
      onProgress(info.progress);
      await pause(POLL_MS, signal);
      info = await this.projectionInfo(name);
    }
    return new Float32Array(await getBytes(path, signal)); // refused, with the reason, if it could not be computed
  }

  private async projectionInfo(name: string): Promise<ProjectionInfo | undefined> {
    return (await this.library()).projections.find((one) => one.name === name);
  }

  sound(id: number): Promise<Sound> {
    return getJson(`sounds/${id}`);
  }

  audio(id: number, signal?: AbortSignal): Promise<ArrayBuffer> {
    return getBytes(`sounds/${id}/audio`, signal);
  }

  async search(query: SearchQuery, signal?: AbortSignal): Promise<Hit[]> {
    return (await (await post("search", query, signal)).json()).hits;
  }

  async place(file: Blob, signal?: AbortSignal): Promise<Placement> {
    const headers = { "content-type": "application/octet-stream" };
    return (await request("place", { method: "POST", headers, body: file, signal })).json();
  }

  async verify(enrolment: number[], test: number[]): Promise<Verification> {
    return (await post("verify", { enrolment, test })).json();
  }

  async tag(ids: number[], add: string[], remove: string[]): Promise<void> {
    await post("tags", { ids, add, remove });
  }

  async favourite(ids: number[], on: boolean): Promise<void> {
    await post("favourites", { ids, on });
  }

  async export(ids: number[], format: "csv" | "m3u" | "zip"): Promise<Blob> {
    return (await post("export", { ids, format })).blob();
  }
}
