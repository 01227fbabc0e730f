import { coreMessages } from '@synapse-steps/core';

/** The messages that data sets tell people, by code. Values go into the braces. */
export const datasetMessages = coreMessages.extend({
  DATASET_DOWNLOAD_STARTING: {
    text: {
      en: 'Starting dataset download (ID: {dataset_id})',
      ko: '데이터셋 다운로드 시작 (ID: {dataset_id})',
    },
  },
  DATASET_GT_EVENTS_FOUND: {
    text: { en: 'Found {count} ground truth events', ko: '{count}개 정답 이벤트 발견' },
  },
  DATASET_SPLIT_DOWNLOADED: {
    text: {
      en: 'Downloaded {split_name} split: {count} items',
      ko: '{split_name} 분할 다운로드 완료: {count}개 항목',
    },
  },
  DATASET_DOWNLOAD_PARTIAL: {
    level: 'warning',
    text: {
      en: 'Downloaded {downloaded} items ({missing} missing images)',
      ko: '{downloaded}개 항목 다운로드됨 ({missing}개 이미지 누락)',
    },
  },
  DATASET_DOWNLOAD_COMPLETED: {
    level: 'success',
    text: { en: 'Dataset download complete: {count} items', ko: '데이터셋 다운로드 완료: {count}개 항목' },
  },
  DATASET_CONVERTING: {
    text: { en: 'Converting dataset: {source} → {target}', ko: '데이터셋 변환 중: {source} → {target}' },
  },
  DATASET_CONVERSION_COMPLETED: {
    level: 'success',
    text: { en: 'Dataset conversion complete', ko: '데이터셋 변환 완료' },
  },
});

export type DatasetMessage = keyof typeof datasetMessages.codes;
