/** The first page of the API document: what holds for every route. */
export const documentIntroduction = `결제 플랫폼 Paydeck의 가맹점 API입니다. (The mall API of Paydeck, a self-hosted payment platform.)

### 인증 (Authentication)
시크릿 키 하나로 인증합니다: \`Authorization: Basic base64("<secretKey>:")\` 또는 \`Authorization: Bearer <secretKey>\`. 오른쪽 위 **Authorize**에 키를 넣으면 이 화면에서 바로 시험할 수 있습니다.

### 응답 (Envelope)
언제나 \`{ "code", "message", "data" }\`입니다. 성공하면 \`code\`는 \`SUCCESS\`, 아니면 아래 각 항목에 적힌 코드이며 HTTP 상태도 그에 맞습니다. \`message\`는 한국어이고 \`Accept-Language: en\`이면 영어입니다. \`data.retryable\`이 \`true\`이면 같은 요청을 그대로 다시 보내도 됩니다.

### 금액과 시각 (Money and time)
금액은 통화의 최소 단위 정수(KRW는 원), 시각은 오프셋이 있는 ISO 8601, 날짜는 서울의 영업일입니다.

### 멱등성 (Idempotency)
돈이 움직이는 모든 POST에 \`Idempotency-Key\`가 필요합니다. 같은 키로 다시 보내면 두 번 처리하지 않고 처음의 응답을 그대로 돌려줍니다. 결과를 모르는 동안에는 현재 상태를 알려 드립니다.

### 웹훅 (Webhooks)
결제의 모든 변화를 [Standard Webhooks](https://www.standardwebhooks.com) 서명으로 알려 드립니다. 10초 안에 2xx로 답하면 성공이며, 5초에서 24시간까지 간격을 늘려 열 번 시도합니다. 한 결제의 이벤트는 \`sequence\` 순서로 전달되고, 같은 이벤트가 두 번 올 수 있으므로 \`webhook-id\`로 구분하십시오. 놓친 것은 \`GET /events\`로 읽을 수 있습니다.
`;
