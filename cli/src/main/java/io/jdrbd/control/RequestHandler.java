package io.jdrbd.control;

import io.jdrbd.resource.ResourceView;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What carries out requests. Called on the server's loop; completions must arrive there. */
public interface RequestHandler {

  /**
   * Carries out a request.
   *
   * @throws JsonException if an argument is missing or wrong
   */
  CompletionStage<Reply> handle(Request request);

  /** All resources as they are now: where a stream of events begins. */
  List<ResourceView> resources();
}
