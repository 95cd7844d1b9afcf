// What the page is sent. Messages of an answer are numbered: "start" has all there is so far, "delta" what follows, "done" or "error" end it.
interface OfAnswer {
  conversationId: string;
  id: string;
  seq: number;
}

export interface Turn {
  id: string;
  question: string;
  answer: string;
  status: 'answering' | 'done' | 'cut' | 'stopped' | 'failed';
  error?: string;
  sources?: string[];
}

export type Message =
  | ({ type: 'start' | 'delta'; text: string } & OfAnswer)
  | ({ type: 'done'; status: Turn['status']; sources: string[] } & OfAnswer)
  | { type: 'error'; conversationId?: string; id?: string; seq?: number; code: string; message: string }
  | { type: 'history'; conversationId: string; turns: Turn[] }
  | { type?: undefined; message: string }; // API Gateway's own errors
